import type { CallShares } from '../call-shares.ts';

/** What a process that is alone may run: all that the environment takes. */
export function sharesOfOne(limit: number): Pick<CallShares, 'capacity' | 'want' | 'settle'> {
  return { capacity: () => limit, want: () => undefined, settle: () => undefined };
}
