import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createId } from './create-id.ts';

it('makes a random UUID, another one each time', () => {
  const random = { bytes: (count: number) => randomBytes(count) };
  const ids = Array.from({ length: 100 }, () => createId(random));
  for (const id of ids)
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
});
