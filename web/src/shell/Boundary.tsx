import { Component, type ReactNode } from "react";
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
        Reload it, please. If that does not help, a new version may have been deployed a moment ago: try again soon.
      </Notice>
    ) : (
      this.props.children
    );
  }
}
