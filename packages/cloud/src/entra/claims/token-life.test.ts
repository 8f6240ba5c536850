import { afterEach, beforeEach, expect, it } from 'vitest';
import { setTenantPolicy, type TenantPolicy } from '../../directory/tenant-policy.ts';
import { systemRandom } from '../../random.ts';
import { openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import { chooseTokenLife } from './token-life.ts';

const now = Date.UTC(2026, 0, 31, 10) + 999;
const seconds = Math.floor(now / 1000);

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
});
afterEach(() => entra.close());

const choose = (fraction: number) =>
  chooseTokenLife(
    {
      ...entra.context,
      random: { ...systemRandom, fraction: () => fraction },
      policies: (_key: string, read: () => TenantPolicy) => read(),
    },
    entra.tenant,
  );

it.each([
  [0, 3600],
  [0.5, 4500],
  [0.999_999, 5399],
])('is 60 to 90 minutes by chance: %d gives %i seconds', (fraction, life) => {
  expect(choose(fraction)).toEqual({
    issuedAt: seconds,
    notBefore: seconds - 300,
    expiresOn: seconds + life,
    expiresInSeconds: life - 1,
  });
});

it("is what the tenant's policy says, whatever chance does", () => {
  setTenantPolicy(entra.context.directory, entra.tenant.id, { accessTokenMinutes: 10 });
  for (const fraction of [0, 0.9]) {
    expect(choose(fraction)).toEqual({
      issuedAt: seconds,
      notBefore: seconds - 300,
      expiresOn: seconds + 600,
      expiresInSeconds: 599,
    });
  }
});
