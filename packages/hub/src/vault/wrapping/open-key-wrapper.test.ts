import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientPackages } from './open-key-wrapper.ts';

it('the packages that are named to be installed are those that it was tested with', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ) as Record<'peerDependencies' | 'devDependencies', Record<string, string>> & {
    peerDependenciesMeta: Record<string, { optional: boolean }>;
  };
  const named = Object.fromEntries(
    Object.values(clientPackages)
      .flat()
      .map((spec) => [spec.slice(0, spec.lastIndexOf('@')), spec.slice(spec.lastIndexOf('@') + 1)]),
  );
  expect(named).toEqual(manifest.peerDependencies);
  expect(manifest.devDependencies).toMatchObject(named);
  for (const name of Object.keys(named)) {
    expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
  }
});
