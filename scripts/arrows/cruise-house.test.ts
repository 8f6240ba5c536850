import { beforeAll, describe, expect, it } from 'vitest';
import { cruiseHouse, type Violation } from './cruise-house.ts';
import { foldersWithoutCircles } from './house.ts';
import { makeRules } from './make-rules.ts';
import { cruiseSmallHouse } from './testing/build-house.ts';
import { allowedOnFloors, plantedViolations } from './testing/planted-violations.ts';

const ruleNames = [
  ...makeRules().map(({ name }) => name),
  ...foldersWithoutCircles.map((folder) => `circles: ${folder}`),
];

const plantedFiles = Object.values(plantedViolations).flatMap((files) => Object.entries(files));

describe('cruiseHouse', () => {
  it('has a planted violation for each rule, and a rule for each planted violation', () => {
    expect(Object.keys(plantedViolations).sort()).toEqual([...new Set(ruleNames)].sort());
    expect(ruleNames).toHaveLength(new Set(ruleNames).size);
    expect(plantedFiles).toHaveLength(new Set(plantedFiles.map(([file]) => file)).size);
  });

  describe('in a house where each rule is broken', () => {
    let violations: Violation[];
    beforeAll(async () => {
      ({ violations } = await cruiseSmallHouse(Object.fromEntries(plantedFiles)));
    });

    it.each(ruleNames)('refuses what is planted against "%s"', (name) => {
      const refused = violations.filter(({ rule }) => rule === name);
      expect(refused.length).toBeGreaterThan(0);
      // Of a circle one import is told.
      if (name.startsWith('circles: ')) return;
      for (const [file, imports] of Object.entries(plantedViolations[name] ?? {})) {
        const ofFile = refused.filter(({ from }) => from === file);
        expect(ofFile).toHaveLength(typeof imports === 'string' ? 1 : imports.length);
      }
    });
  });

  it('refuses nothing in a house that keeps to the plan', async () => {
    const { violations } = await cruiseSmallHouse({
      ...allowedOnFloors(),
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

  describe('in one house with an import of each kind', () => {
    const kinds: [text: string, file: string][] = [
      ["import type { Planted } from '@latchkey/cloud';", 'type-import.ts'],
      ["import { type Planted } from '@latchkey/cloud';", 'type-in-braces.ts'],
      ["export * from '@latchkey/cloud';", 'export-all.ts'],
      ["export type { Planted } from '@latchkey/cloud';", 'type-export.ts'],
      ["import '@latchkey/cloud';", 'module.mjs'],
      ["import '@latchkey/cloud';", 'module.mts'],
      ["import '@latchkey/cloud';", 'script.cts'],
      [
        "const load = async () => { return <p>{(await import('@latchkey/cloud')).name}</p>; };",
        'in-markup.tsx',
      ],
      ["export class Lazy { load = () => import('@latchkey/cloud'); }", 'in-a-field.ts'],
      ["await using cloud = await (await import('@latchkey/cloud')).startLocalCloud();", 'await-using.ts'],
      ["import '@latchkey/cloud'; { using lock = take(); }", 'using.ts'],
    ];
    const placeOf = (file: string) => `packages/hub/src/tokens/${file}`;
    let violations: Violation[];
    beforeAll(async () => {
      const files = kinds.map(([text, file]) => [placeOf(file), `${text}\n`]);
      ({ violations } = await cruiseSmallHouse(Object.fromEntries(files)));
    });

    it.each(kinds)('sees %s in %s', (_text, file) => {
      const from = placeOf(file);
      const ofFile = violations.filter((violation) => violation.from === from);
      expect(ofFile).toEqual([{ rule: 'packages: packages/hub', from, to: 'packages/cloud/src/index.ts' }]);
    });
  });

  it('reads the whole checkout', async () => {
    const { fileCount } = await cruiseHouse(process.cwd());
    expect(fileCount).toBeGreaterThan(1000);
  });
});
