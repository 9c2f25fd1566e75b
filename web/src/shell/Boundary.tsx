import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";

interface Props {
  children: ReactNode;
}

/** Shows a notice in place of a page that cannot be shown, so that the places stay in reach. */
export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? (
      <Notice kind="bad" title="This page cannot be shown">
        <p>
          Reload it, please. If that does not help, a new version may have been deployed a moment ago: try again soon.
        </p>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </Notice>
    ) : (
      this.props.children
    );
  }
}
