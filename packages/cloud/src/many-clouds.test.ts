import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { isNumber, isText, listOf, objectOf, readRow } from './ground/read-row.ts';

interface Findings {
  tokens: number[];
  afterFirst: { heapBytes: number; descriptors: number };
  afterSecond: { heapBytes: number; descriptors: number };
  warnings: string[];
}

const measured = objectOf<Findings['afterFirst']>({ heapBytes: isNumber, descriptors: isNumber });
const findings = objectOf<Findings>({
  tokens: listOf(isNumber),
  afterFirst: measured,
  afterSecond: measured,
  warnings: listOf(isText),
});

/** How many are started at once, the first time and again. */
const [first, again] = [200, 100];
const script = path.join(import.meta.dirname, 'testing/run-many-clouds.ts');
/** A cloud that is still there holds some 500 KB. */
const mostBytesKept = 20_000;
/** The event loop may still be about to close one or the other. */
const mostDescriptorsKept = 20;

it('runs 200 at once in one process, and leaves nothing of them', { timeout: 180_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
  const { tokens, afterFirst, afterSecond, warnings } = readRow(findings, stdout);
  expect(tokens).toEqual([first, again]);
  expect(afterSecond.descriptors - afterFirst.descriptors).toBeLessThan(mostDescriptorsKept);
  expect(afterFirst.descriptors).toBeLessThan(first);
  expect(afterSecond.heapBytes - afterFirst.heapBytes).toBeLessThan(again * mostBytesKept);
  expect(warnings).toEqual([]);
});
