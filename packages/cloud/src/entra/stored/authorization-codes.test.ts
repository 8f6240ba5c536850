import { afterEach, beforeEach, expect, it } from 'vitest';
import { RowError } from '../../ground/read-row.ts';
import { openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import {
  type CodeGrant,
  createAuthorizationCode,
  findAuthorizationCode,
  markCodeRedeemed,
} from './authorization-codes.ts';

const now = Date.UTC(2026, 0, 31, 10);

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
});
afterEach(() => entra.close());

const grant: CodeGrant = {
  sessionId: 'session',
  signedInAt: now - 1000,
  methods: ['pwd', 'mfa'],
  clientId: 'client',
  tenantId: 'tenant',
  userId: 'user',
  scope: 'openid',
  isOpenId: true,
  nonce: 'nonce',
  requestedClaims: { idToken: ['sid'], capabilities: ['cp1'] },
  platform: 'spa',
  redirectUri: 'http://localhost/',
  namesRedirectUri: true,
  challenge: { value: 'challenge', method: 'S256' },
};

const create = (changes: Partial<CodeGrant> = {}) =>
  createAuthorizationCode(entra.context, { ...grant, ...changes });
const find = (code: string) => findAuthorizationCode(entra.context, code);

it('is found as it was given, by its own text', () => {
  const code = create();
  const other = create({ scope: null, challenge: { value: 'v', method: 'plain' }, platform: 'web' });
  expect(code).toMatch(/^1\.AX[\w-]{720}$/);
  expect(find(code)).toMatchObject({ grant, createdAt: now, isRedeemed: false });
  expect(find(other)?.grant).toMatchObject({ scope: null, challenge: { method: 'plain' }, platform: 'web' });
  expect(find('nonsense')).toBeUndefined();
});

it('may leave out what a request need not say', () => {
  const lean = {
    isOpenId: undefined,
    nonce: undefined,
    requestedClaims: undefined,
    challenge: undefined,
  };
  expect(find(create(lean))?.grant).toEqual({ ...grant, ...lean });
});

it('is used once, and the others stay good', () => {
  const [code, other] = [create(), create()];
  const hash = find(code)?.hash ?? '';
  expect(markCodeRedeemed(entra.context, hash)).toBe(true);
  expect(markCodeRedeemed(entra.context, hash)).toBe(false);
  expect([find(code)?.isRedeemed, find(other)?.isRedeemed]).toEqual([true, false]);
});

it.each([
  { sessionId: null },
  { signedInAt: 'yesterday' },
  { methods: ['otp'] },
  { methods: 'pwd' },
  { clientId: 1 },
  { tenantId: 1 },
  { userId: 1 },
  { scope: 1 },
  { isOpenId: 'yes' },
  { nonce: 1 },
  { requestedClaims: { idToken: [1], capabilities: [] } },
  { requestedClaims: { idToken: [], capabilities: [1] } },
  { platform: 'desktop' },
  { redirectUri: null },
  { namesRedirectUri: 'yes' },
  { challenge: { value: 1, method: 'S256' } },
  { challenge: { value: 'v', method: 'S512' } },
])('refuses a row that holds %j', (changes) => {
  const code = create();
  entra.context.directory
    .prepare('UPDATE entra_authorization_codes SET grant_json = ?')
    .run(JSON.stringify({ ...grant, ...changes }));
  expect(() => find(code)).toThrow(RowError);
});
