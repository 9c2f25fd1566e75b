import type { ComponentProps } from "react";
import styles from "./Button.module.css";

interface Props extends ComponentProps<"button"> {
  /** The page's main deed, another, or a deed in passing. */
  kind?: "main" | "other" | "quiet";
  /** It cannot be pressed for now. Other than a disabled button it keeps the focus, so that the keyboard's place is not lost. */
  isHeld?: boolean;
}

/** A deed. */
export function Button({ kind = "other", className = "", type = "button", isHeld = false, onClick, ...rest }: Props) {
  return (
    <button
      type={type}
      className={`${styles.button} ${styles[kind]} ${className}`}
      aria-disabled={isHeld || undefined}
      onClick={isHeld ? undefined : onClick}
      {...rest}
    />
  );
}
