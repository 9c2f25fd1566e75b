import { MutationObserver, onlineManager } from "@tanstack/react-query";
import { afterEach, expect, test } from "vitest";
import { queryClient } from "./queryClient.ts";

afterEach(() => onlineManager.setOnline(true));

test("a change that is made offline fails at once, and once", async () => {
  onlineManager.setOnline(false);
  let tries = 0;
  const change = new MutationObserver(queryClient(), {
    mutationFn: () => {
      tries += 1;
      return Promise.reject(new Error("no network"));
    },
  });
  const paused = new Promise((resolve) => change.subscribe(({ isPaused }) => isPaused && resolve("paused")));
  await expect(Promise.race([change.mutate(), paused])).rejects.toThrow("no network");
  expect(tries).toBe(1);
});
