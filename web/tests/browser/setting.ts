/** Where the system under test is; `tests/tests/system/deployed/console.rs` says it in the variable CONSOLE_SETTING. */
export interface Setting {
  /** The console's address, without a "/" at its end. */
  console: string;
  issuer: string;
  api: string;
  trouble: string;
  /** The folder for screenshots. */
  screenshots: string;
}

/** The setting of this run. */
export function setting(): Setting {
  const told = process.env.CONSOLE_SETTING;
  if (told === undefined) {
    throw new Error(
      "CONSOLE_SETTING is missing: these tests are run by the test `console` of the system, see web/README.md",
    );
  }
  return JSON.parse(told) as Setting;
}
