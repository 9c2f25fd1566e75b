import { assert, describe, expect, test } from "vitest";
import { boxesOf, boxOf, CASES, overlap, namesByRow } from "./fixtures/layouts.ts";

describe.each(CASES)("$saga.name with $steps commands on $width px", ({ saga, forth, back }) => {
  const { steps, undos } = namesByRow(saga);

  test("the picture stays as large as it is, and all but the undos where it is", () => {
    expect([back.width, back.height]).toEqual([forth.width, forth.height]);
    expect([back.start, back.ends]).toEqual([forth.start, forth.ends]);
    expect(steps.map((name) => boxOf(back, name))).toEqual(steps.map((name) => boxOf(forth, name)));
  });

  test("the undos grow from where they are, at least by a quarter", () => {
    for (const [small, large] of undos.map((name) => [boxOf(forth, name), boxOf(back, name)] as const)) {
      expect([large.x, large.y, large.width]).toEqual([small.x, small.y, small.width]);
      expect(large.height).toBeGreaterThanOrEqual(small.height * 1.25);
    }
  });

  test("the lines from the steps do not move", () => {
    const [before, after] = [forth, back].map(({ lines }) =>
      lines.filter(({ edge }) => steps.includes(edge.from)).map(({ path }) => path),
    );
    expect(before?.length).toBeGreaterThan(0);
    expect(after).toEqual(before);
  });

  test("what is told of all quiet undos lies on no box, and in the picture", () => {
    expect(back.note).toBeUndefined();
    assert(forth.note);
    // It has two lines on the narrowest phones.
    const note = { ...forth.note, width: Math.min(forth.note.width, 120), height: forth.note.width < 120 ? 40 : 24 };
    expect(boxesOf(forth).filter((other) => overlap(note, other))).toEqual([]);
    expect(note.x + note.width).toBeLessThanOrEqual(forth.width);
    expect(note.y + note.height).toBeLessThanOrEqual(forth.height);
  });
});
