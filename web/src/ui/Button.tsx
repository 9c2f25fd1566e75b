import type { ButtonHTMLAttributes } from "react";
import styles from "./Button.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The page's main deed, another, or a deed in passing. */
  kind?: "main" | "other" | "quiet";
}

/** A deed. */
export function Button({ kind = "other", className = "", type = "button", ...rest }: Props) {
  return <button type={type} className={`${styles.button} ${styles[kind]} ${className}`} {...rest} />;
}
