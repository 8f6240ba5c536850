import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { childrenOf, readFamilyMicroseconds, readProcessorMicroseconds } from './processor-time.ts';

const worked = 'while (process.cpuUsage().user < 100_000);';

/** A process that waits, and has started another that has worked before it says so. */
async function startFamily(childGoesOn: boolean): Promise<number> {
  const child = `${worked} console.log('worked'); ${childGoesOn ? 'setInterval(() => {}, 1000)' : ''}`;
  const parent = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
    child.stdout.once('data', () => ${childGoesOn} && console.log('worked'));
    child.once('exit', () => console.log('worked'));
    process.once('SIGTERM', () => { child.kill('SIGKILL'); process.exit(); });
    setInterval(() => {}, 1000);`;
  const started = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void started.kill('SIGTERM'));
  await once(createInterface({ input: started.stdout }), 'line');
  if (started.pid === undefined) throw new Error('The process was not started.');
  return started.pid;
}

it.runIf(process.platform === 'linux')('reads what the process itself says that it has used', async () => {
  const { user, system } = process.cpuUsage();
  const used = await readProcessorMicroseconds(process.pid);
  // One step of the kernel’s counting less, at most, of each of the two.
  expect(used).toBeGreaterThanOrEqual(user + system - 20_000);
  const later = process.cpuUsage();
  expect(used).toBeLessThanOrEqual(later.user + later.system + 20_000);
});

it.runIf(process.platform === 'linux').each([
  ['goes on', true, 1],
  ['has ended', false, 0],
])('counts the work of a child that %s', async (_what, childGoesOn, children) => {
  const pid = await startFamily(childGoesOn);
  expect(await childrenOf(pid)).toHaveLength(children);
  const ofChild = (await readFamilyMicroseconds(pid)) - (await readProcessorMicroseconds(pid));
  expect(ofChild).toBeGreaterThan(80_000);
});
