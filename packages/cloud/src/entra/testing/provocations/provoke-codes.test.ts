import { readFile } from 'node:fs/promises';
import { lookUpAadsts } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestEntra, type TestEntra } from '../open-test-entra.ts';
import { provocationGroups } from './all-provocations.ts';
import type { Provocation, Refusal } from './provocation.ts';
import { renderCodesPage } from './render-codes-page.ts';

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra();
});
afterEach(() => entra.close());

const provocations = provocationGroups.flatMap((group) => group.provocations);
/** An address that is none is not found, and a time-out keeps its own status, whatever the code says of tokens. */
const ownStatus: Readonly<Record<number, number>> = { 90012: 504, 90056: 404 };

it.each(provocations.map((item) => [item.code, item.how, item] as const))(
  '%i: %s',
  async (code, _how, item) => {
    const refusal = await item.provoke(entra);
    expect(refusal).toMatchObject({ code, ...tokenContract(code, refusal) });
    expect(errorNames(item, refusal)).toContain(refusal.error);
  },
);

function tokenContract(code: number, { delivery }: Refusal): Partial<Refusal> {
  const entry = lookUpAadsts(code);
  return delivery === 'token'
    ? { status: ownStatus[code] ?? entry?.httpStatus ?? 0, suberror: entry?.suberror }
    : {};
}

/** Pages name no OAuth error; at authorize a missing consent has a name of its own. */
function errorNames({ code, error }: Provocation, { delivery }: Refusal): (string | undefined)[] {
  const entry = lookUpAadsts(code);
  return delivery === 'page' ? [undefined] : [error, entry?.error, entry?.errorV1, entry?.suberror];
}

it('meets at least 80 codes, each by one way', () => {
  const codes = provocations.map((item) => item.code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBeGreaterThanOrEqual(80);
});

it('docs/aadsts.md says what is so', async () => {
  const page = await readFile(new URL('../../../../../../docs/aadsts.md', import.meta.url), 'utf8');
  expect(page).toBe(renderCodesPage());
});
