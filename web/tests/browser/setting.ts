import { join } from "node:path";

/** Where the system under test is. */
export interface Setting {
  /** The console's address, without a "/" at its end. */
  console: string;
  issuer: string;
  api: string;
  trouble: string;
  /** The folder for screenshots. */
  screenshots: string;
}

/** Where `make up` serves, unless a port was taken. */
const UP: Setting = {
  console: "http://127.0.0.1:5173",
  issuer: "http://127.0.0.1:9081/",
  api: "http://127.0.0.1:9080",
  trouble: "http://127.0.0.1:9082",
  screenshots: join(import.meta.dirname, "../../../target/console"),
};

/** The setting of this run: that of CONSOLE_SETTING, which `tests/tests/system/deployed/console.rs` says, or `make up`. */
export function setting(): Setting {
  const told = process.env.CONSOLE_SETTING;
  return told === undefined ? UP : (JSON.parse(told) as Setting);
}
