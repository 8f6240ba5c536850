import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { printExamination } from './print-examination.ts';
import { openDataFolder, type Printed, watchOutput } from './testing/open-data-folder.ts';

interface Told {
  findings: { name: string; verdict: string; detail: string; advice: string | null }[];
}

let data: string;
let printed: Printed;
beforeEach(async () => {
  data = await openDataFolder();
  printed = watchOutput();
});

// Of a local cloud that does not run: nobody else is asked.
const localCloud = { localCloud: true, port: 9 } as const;

it('prints a line for each thing, with advice beneath what is amiss, and ends with 1', async () => {
  await printExamination({ data, ...localCloud });
  expect(printed.stdout()).toMatch(/✓ database: /);
  expect(printed.stdout()).toMatch(/[✗!] .+: .+\n {4}\S/);
  expect(printed.exitCode()).toBe(1);
});

it('prints the same for programs', async () => {
  await printExamination({ data, json: true, ...localCloud });
  const { findings } = JSON.parse(printed.stdout()) as Told;
  expect(findings.map(({ name }) => name)).toEqual(expect.arrayContaining(['database', 'hub']));
  const amiss = findings.filter(({ verdict }) => verdict !== 'ok');
  for (const { advice } of amiss) expect(advice).not.toBeNull();
});

it('says that a configuration makes no sense, and nothing else', async () => {
  vi.stubEnv('LATCHKEY_CLOUD', 'mars');
  onTestFinished(() => void vi.unstubAllEnvs());
  await printExamination({ data });
  expect(printed.stdout()).toMatch(/^✗ configuration: .*\n {4}\S.*\n$/);
  expect(printed.exitCode()).toBe(1);
});
