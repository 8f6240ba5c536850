import { expect } from 'vitest';

// Vitest's own matchers are of the type `any`, which nothing that is checked may hold.

/** Stands for any text in what a test expects. */
export const anyText: unknown = expect.any(String);

/** Stands for true or false. */
export const anyFlag: unknown = expect.any(Boolean);

/** Stands for a text that matches. */
export function textLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** Stands for a text with this part in it. */
export function textWith(part: string): unknown {
  return expect.stringContaining(part);
}

/** Stands for a list that has at least these items. */
export function listWith(items: unknown[]): unknown {
  return expect.arrayContaining(items);
}
