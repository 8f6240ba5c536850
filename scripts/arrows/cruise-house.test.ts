import { describe, expect, it } from 'vitest';
import { cruiseHouse } from './cruise-house.ts';
import { flooredFolders, foldersWithoutCircles } from './house.ts';
import { makeRules } from './make-rules.ts';
import { cruiseSmallHouse } from './testing/build-house.ts';
import { plantedViolations } from './testing/planted-violations.ts';

const ruleNames = [
  ...makeRules().map(({ name }) => name),
  ...foldersWithoutCircles.map((folder) => `circles: ${folder}`),
];

describe('cruiseHouse', () => {
  it('has a planted violation for each rule, and a rule for each planted violation', () => {
    expect(Object.keys(plantedViolations).sort()).toEqual([...new Set(ruleNames)].sort());
    expect(ruleNames).toHaveLength(new Set(ruleNames).size);
    expect(Object.values(plantedViolations).filter((houses) => houses.length === 0)).toEqual([]);
  });

  it.each(ruleNames)('refuses what is planted against "%s"', async (name) => {
    for (const files of plantedViolations[name] ?? []) {
      const { violations } = await cruiseSmallHouse(files);
      const refused = violations.filter(({ rule }) => rule === name);
      expect(refused.length).toBeGreaterThan(0);
      // Of a circle one import is told.
      if (name.startsWith('circles: ')) continue;
      for (const [file, imports] of Object.entries(files)) {
        const ofFile = refused.filter(({ from }) => from === file);
        expect(ofFile).toHaveLength(typeof imports === 'string' ? 1 : imports.length);
      }
    }
  });

  it('refuses nothing in a house that keeps to the plan', async () => {
    const floored = flooredFolders.flatMap(({ folder, floors }) => {
      const parts = floors.flat().filter((part) => !part.endsWith('.ts'));
      return parts
        .slice(1)
        .map((part, index) => [`${folder}/${parts[index]}/upper.ts`, [`../${part}/lower.ts`]] as const);
    });
    const { violations } = await cruiseSmallHouse({
      ...Object.fromEntries(floored),
      'packages/hub/src/index.ts': ['@latchkey/microsoft', '@latchkey/api', 'node:fs', 'fastify'],
      'packages/cloud/src/index.ts': ['@latchkey/microsoft'],
      'packages/client/src/index.ts': ['@latchkey/api'],
      'packages/web/src/main.tsx': ['@latchkey/client', '@latchkey/api', './shell/page.tsx'],
      'packages/cli/src/commands/serve.ts': ['@latchkey/client', '../start/serve-hub.ts'],
      'packages/cli/src/start/serve-hub.ts': ['@latchkey/hub', '@latchkey/cloud', '@latchkey/web'],
      'packages/hub/src/whole.test.ts': ['./testing/start-test-hub.ts'],
      'e2e/one.test.ts': ['@latchkey/hub', '../packages/cloud/src/entra/testing/sign-in.ts'],
    });
    expect(violations).toEqual([]);
  });

  it.each([
    ["import type { Planted } from '@latchkey/cloud';", 'planted.ts'],
    ["import { type Planted } from '@latchkey/cloud';", 'planted.ts'],
    ["export * from '@latchkey/cloud';", 'planted.ts'],
    ["export type { Planted } from '@latchkey/cloud';", 'planted.ts'],
    ["import '@latchkey/cloud';", 'planted.mjs'],
    ["const load = async () => { return <p>{(await import('@latchkey/cloud')).name}</p>; };", 'planted.tsx'],
    ["export class Lazy { load = () => import('@latchkey/cloud'); }", 'planted.ts'],
    ["await using cloud = await (await import('@latchkey/cloud')).startLocalCloud();", 'planted.ts'],
    ["import '@latchkey/cloud'; { using lock = take(); }", 'planted.ts'],
  ])('sees %s', async (text, file) => {
    const { violations } = await cruiseSmallHouse({ [`packages/hub/src/${file}`]: `${text}\n` });
    expect(violations).toEqual([
      { rule: 'packages: packages/hub', from: `packages/hub/src/${file}`, to: 'packages/cloud/src/index.ts' },
    ]);
  });

  it('reads the whole checkout', async () => {
    const { fileCount } = await cruiseHouse(process.cwd());
    expect(fileCount).toBeGreaterThan(1000);
  });
});
