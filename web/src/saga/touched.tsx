import { createContext, useContext, useState, type ReactNode } from "react";

/** Which command of a saga the mouse is on or the focus is in, so that it shows wherever it is drawn. */
interface Touching {
  touched: string | undefined;
  point: (step: string | undefined) => void;
  focus: (step: string | undefined) => void;
}

const Touch = createContext<Touching>({ touched: undefined, point: () => undefined, focus: () => undefined });

/** What draws a command: whether it is lit, and what to spread over its outermost element. */
export interface Touched {
  isTouched: boolean;
  touch: { onMouseEnter: () => void; onMouseLeave: () => void; onFocus: () => void; onBlur: () => void };
}

/** Lets all that is drawn of a command inside light up together. The mouse comes before the focus. */
export function TouchedSteps({ children }: { children: ReactNode }) {
  const [pointed, point] = useState<string>();
  const [focused, focus] = useState<string>();
  return <Touch value={{ touched: pointed ?? focused, point, focus }}>{children}</Touch>;
}

/** Whether this command is touched, anywhere in its saga, and how to tell that it is touched here. */
export function useTouched(step: string): Touched {
  const { touched, point, focus } = useContext(Touch);
  return {
    isTouched: touched === step,
    touch: {
      onMouseEnter: () => point(step),
      onMouseLeave: () => point(undefined),
      onFocus: () => focus(step),
      onBlur: () => focus(undefined),
    },
  };
}
