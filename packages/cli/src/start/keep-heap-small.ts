import { setFlagsFromString } from 'node:v8';

/**
 * Lets the heap grow by a seventh at a time instead of by V8's own factor, which follows the machine's memory. The
 * young generation stays as small as the launcher has made it. It halves what the local cloud has under load; its rate
 * hangs on signing, not on the heap (docs/benchmarks.md).
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=15');
}
