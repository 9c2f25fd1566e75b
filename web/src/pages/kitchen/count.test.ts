import { expect, test } from "vitest";
import { countFault } from "./count.ts";

test("a count is a whole number in the limits of SetStock", () => {
  for (const right of ["0", "1", "1000000", "0012"]) {
    expect(countFault(right), right).toBeUndefined();
  }
  for (const wrong of ["", "-1", "1.5", "1e3", "1000001", "99999999", "many", " 1"]) {
    expect(countFault(wrong), wrong).toBe("Give a whole number from 0 to 1,000,000.");
  }
});
