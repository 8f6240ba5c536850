import type { MovableClock } from '@latchkey/cloud';

/**
 * Runs something at a later time of the cloud. Clients that go by the machine's clock (they sign assertions by it) meet
 * the cloud again at their own time afterwards, whatever the order of the tests.
 */
export async function atALaterTime<T>(
  clock: MovableClock,
  milliseconds: number,
  run: () => Promise<T>,
): Promise<T> {
  clock.advance(milliseconds);
  try {
    return await run();
  } finally {
    clock.advance(-milliseconds);
  }
}
