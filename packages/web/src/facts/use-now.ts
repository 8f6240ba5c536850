import { useInterval } from '@mantine/hooks';
import { useState } from 'react';

/** The present, renewed so often that what is said of it stays true. */
export function useNow(renewEveryMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useInterval(() => setNow(new Date()), renewEveryMs, { autoInvoke: true });
  return now;
}
