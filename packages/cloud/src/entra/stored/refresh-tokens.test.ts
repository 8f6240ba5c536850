import { afterEach, beforeEach, expect, it } from 'vitest';
import { RowError } from '../../ground/read-row.ts';
import { openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import {
  createRefreshToken,
  findRefreshToken,
  markRefreshTokenUsed,
  type RefreshGrant,
} from './refresh-tokens.ts';

const now = Date.UTC(2026, 0, 31, 10);

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
});
afterEach(() => entra.close());

const grant: RefreshGrant = {
  sessionId: 'session',
  signedInAt: now - 1000,
  methods: ['pwd', 'mfa'],
  clientId: 'client',
  tenantId: 'tenant',
  userId: 'user',
  scope: 'openid',
  isOpenId: true,
  platform: 'spa',
  endsAt: now + 1000,
};

/** A token as another version, or another hand, left it. */
function store(stored: object): string {
  const token = createRefreshToken(entra.context, grant);
  entra.context.directory
    .prepare('UPDATE entra_refresh_tokens SET grant_json = ?')
    .run(JSON.stringify(stored));
  return token;
}

it('is found as it was given, each by its own text', () => {
  const [one, other] = [
    createRefreshToken(entra.context, grant),
    createRefreshToken(entra.context, { ...grant, platform: 'web', endsAt: null }),
  ];
  expect(one).toMatch(/^1\.AX[\w-]{1120}$/);
  expect(findRefreshToken(entra.context, one)).toMatchObject({ grant, issuedAt: now, lastUsedAt: now });
  expect(findRefreshToken(entra.context, other)?.grant).toMatchObject({ platform: 'web', endsAt: null });
  expect(findRefreshToken(entra.context, 'nonsense')).toBeUndefined();
});

it('notes of one token alone when it was used', () => {
  const [one, other] = [createRefreshToken(entra.context, grant), createRefreshToken(entra.context, grant)];
  entra.clock.advance(5000);
  markRefreshTokenUsed(entra.context, findRefreshToken(entra.context, one)?.hash ?? '');
  expect(findRefreshToken(entra.context, one)).toMatchObject({ issuedAt: now, lastUsedAt: now + 5000 });
  expect(findRefreshToken(entra.context, other)).toMatchObject({ issuedAt: now, lastUsedAt: now });
});

it('takes a token of a version that did not note how and when the person signed in', () => {
  const { signedInAt: _at, methods: _methods, isOpenId: _isOpenId, ...early } = grant;
  expect(findRefreshToken(entra.context, store(early))?.grant).toEqual({
    ...early,
    signedInAt: now,
    methods: ['pwd'],
  });
});

it.each([
  { sessionId: null },
  { signedInAt: 'yesterday' },
  { methods: ['otp'] },
  { clientId: 1 },
  { tenantId: 1 },
  { userId: 1 },
  { scope: null },
  { isOpenId: 'yes' },
  { platform: 'desktop' },
  { endsAt: 'tomorrow' },
])('refuses a row that holds %j', (changes) => {
  const token = store({ ...grant, ...changes });
  expect(() => findRefreshToken(entra.context, token)).toThrow(RowError);
});
