import { expect, it } from 'vitest';
import { readProcessorMicroseconds } from './processor-time.ts';

it.runIf(process.platform === 'linux')('reads what the process itself says that it has used', async () => {
  const { user, system } = process.cpuUsage();
  const used = await readProcessorMicroseconds(process.pid);
  // One step of the kernel’s counting less, at most, of each of the two.
  expect(used).toBeGreaterThanOrEqual(user + system - 20_000);
  const later = process.cpuUsage();
  expect(used).toBeLessThanOrEqual(later.user + later.system + 20_000);
});
