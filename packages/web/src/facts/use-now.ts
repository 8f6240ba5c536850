import { useForceUpdate, useInterval } from '@mantine/hooks';

/**
 * The present as of this drawing, drawn anew so often that what is said of it stays true. It is read anew whenever
 * something else changes, too: what has just happened must not lie ahead of a present that is seconds old.
 */
export function useNow(renewEveryMs: number): Date {
  const drawAnew = useForceUpdate();
  useInterval(drawAnew, renewEveryMs, { autoInvoke: true });
  return new Date();
}
