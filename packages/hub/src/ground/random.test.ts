import { expect, it } from 'vitest';
import { createPooledRandom, systemRandom } from './random.ts';

it('hands out as many bytes as were asked for, none of them twice', () => {
  const taken = Array.from({ length: 1000 }, () => systemRandom.bytes(16));
  expect(taken.every((bytes) => bytes.length === 16)).toBe(true);
  expect(new Set(taken.map((bytes) => bytes.toString('hex'))).size).toBe(taken.length);
  expect(systemRandom.bytes(10_000)).toHaveLength(10_000);
});

it('keeps nothing of what it has handed out', () => {
  const fetched: Buffer[] = [];
  const random = createPooledRandom((count) => {
    const bytes = Buffer.alloc(count, 7);
    fetched.push(bytes);
    return bytes;
  });
  const taken = [random.bytes(3), random.bytes(2)];
  expect(taken).toEqual([Buffer.alloc(3, 7), Buffer.alloc(2, 7)]);
  expect(fetched).toHaveLength(1);
  expect(fetched[0]?.subarray(0, 6)).toEqual(Buffer.of(0, 0, 0, 0, 0, 7));
});
