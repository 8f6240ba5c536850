import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { setTenantPolicy, type TenantPolicy } from '../../directory/tenant-policy.ts';
import {
  findUserByName,
  notePasswordChange,
  revokeSignInSessions,
  type User,
  updateUserProfile,
} from '../../directory/users.ts';
import {
  authorizeUrl,
  offeredAccounts,
  openTestEntra,
  pressTile,
  sentParameter,
  signIn,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import type { ScriptedBrowser, Shown } from '../testing/scripted-browser.ts';
import {
  addSecondFactor,
  type BrowserAccount,
  endSession,
  findAccounts,
  forgetAccount,
  keepSession,
  startSession,
} from './sessions.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'entra-sessions-'));
  file = path.join(folder, 'directory.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

const { administrator, salesperson } = seededUsers;
let clientId: string;

function open(browser: ScriptedBrowser, entra: TestEntra, more: Record<string, string>): Promise<Shown> {
  const parameters = { client_id: clientId, redirect_uri: testRedirectUri, scope: 'openid', ...more };
  return browser.open(authorizeUrl(entra, 2, parameters));
}

/** Two people sign in; one of them signs out. */
async function useBrowser(): Promise<Map<string, string>> {
  const entra = await openTestEntra({ file });
  ({ clientId } = entra.createApp());
  const browser = entra.browser();
  for (const user of [administrator, salesperson]) {
    const consent = await signIn(await open(browser, entra, { login_hint: user }), user);
    await consent.submit();
  }
  await pressTile(await open(browser, entra, { prompt: 'select_account' }), salesperson, 'signout');
  await entra.close();
  return browser.cookies;
}

/** The same browser after a restart of the cloud. */
async function comeBack(
  cookies: Map<string, string>,
  look: (browser: ScriptedBrowser, entra: TestEntra) => Promise<void>,
): Promise<void> {
  const entra = await openTestEntra({ file });
  const browser = entra.browser();
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  await look(browser, entra);
  await entra.close();
}

it('accounts and their states outlive a restart', async () => {
  await comeBack(await useBrowser(), async (browser, entra) => {
    const picker = await open(browser, entra, { prompt: 'select_account' });
    expect(offeredAccounts(picker)).toEqual([`${administrator}: Signed in`, `${salesperson}: Signed out`]);
    expect(sentParameter(await open(browser, entra, { prompt: 'none' }), 'code')).toBeTruthy();
  });
});

it('a data folder of before accounts could be signed out goes on working', async () => {
  const cookies = await useBrowser();
  const db = new DatabaseSync(file);
  db.exec('ALTER TABLE entra_browser_sessions DROP COLUMN signed_out_at');
  db.exec('UPDATE entra_browser_sessions SET is_kept = 1');
  db.close();
  await comeBack(cookies, async (browser, entra) => {
    const picker = await open(browser, entra, { prompt: 'select_account' });
    const left = await pressTile(picker, salesperson, 'signout');
    expect(offeredAccounts(left).toSorted()).toEqual([
      `${administrator}: Signed in`,
      `${salesperson}: Signed out`,
    ]);
  });
});

describe('what a browser knows of an account', () => {
  const now = Date.UTC(2026, 0, 31, 10);
  const hour = 3_600_000;
  const day = 24 * hour;
  let entra: TestEntra;
  beforeEach(async () => {
    entra = await openTestEntra({ base: { now: () => now } });
  });
  afterEach(() => entra.close());

  function person(name: string = administrator): User {
    const user = findUserByName(entra.context.directory, name);
    if (!user) throw new Error(`The seed has no ${name}.`);
    return user;
  }

  const start = (earlier?: BrowserAccount, user = person()) => startSession(entra.context, user, earlier);
  const accounts = (...keys: string[]) =>
    findAccounts({ ...entra.context, policies: (_key: string, read: () => TenantPolicy) => read() }, keys);
  const account = (key: string) => accounts(key)[0];

  it('is who signed in, when and how', () => {
    const { key, session, isKept } = start();
    expect(isKept).toBe(false);
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(account(key)).toEqual({
      key,
      user: person(),
      session: { id: session.id, user: person(), signedInAt: now, methods: ['pwd'] },
      endedBy: undefined,
      signedInAt: now,
      isKept: false,
    });
  });

  it('is nothing for a key that opens nothing', () => {
    const { key } = start();
    expect(accounts('nonsense', key)).toHaveLength(1);
  });

  it('has a session for a day, and a name for 90', () => {
    const { key } = start();
    entra.clock.advance(day - 1);
    expect(account(key)?.session).toBeDefined();
    entra.clock.advance(1);
    expect(account(key)).toMatchObject({ session: undefined, endedBy: undefined });
    entra.clock.advance(89 * day - 1);
    expect(account(key)?.user.userPrincipalName).toBe(administrator);
    entra.clock.advance(1);
    expect(accounts(key)).toEqual([]);
  });

  it('has a session for 90 days once its person wants to stay signed in', () => {
    const { key, session } = start();
    const other = start(undefined, person(salesperson));
    keepSession(entra.context, session);
    entra.clock.advance(90 * day - 1);
    expect(account(key)).toMatchObject({ isKept: true, session: { id: session.id } });
    expect(account(other.key)).toMatchObject({ isKept: false, session: undefined });
  });

  it('tells of the second factor once it was given', () => {
    const { key, session } = start();
    const other = start(undefined, person(salesperson));
    expect(addSecondFactor(entra.context, session)).toEqual({ ...session, methods: ['pwd', 'mfa'] });
    expect(account(key)?.session?.methods).toEqual(['pwd', 'mfa']);
    expect(account(other.key)?.session?.methods).toEqual(['pwd']);
  });

  it('goes on with its session, by a new key, when the password is given again', () => {
    const first = start();
    addSecondFactor(entra.context, first.session);
    entra.clock.advance(hour);
    const again = start(account(first.key));
    expect(again.session).toMatchObject({ id: first.session.id, signedInAt: now + hour, methods: ['pwd'] });
    expect(accounts(first.key)).toEqual([]);
    expect(account(again.key)?.session?.id).toBe(first.session.id);
  });

  it('begins another session after it signed out', () => {
    const first = start();
    endSession(entra.context, first);
    const again = start(account(first.key));
    expect(again.session.id).not.toBe(first.session.id);
    expect(accounts(first.key)).toEqual([]);
  });

  it('is known without a session once it signed out, and not at all once it is forgotten', () => {
    const { key } = start();
    endSession(entra.context, { ...start(), key });
    expect(account(key)).toMatchObject({ session: undefined, endedBy: undefined, signedInAt: now });
    forgetAccount(entra.context, { ...start(), key });
    expect(accounts(key)).toEqual([]);
  });

  it("signs in anew by the tenant's sign-in frequency", () => {
    setTenantPolicy(entra.context.directory, entra.tenant.id, { signInFrequencyHours: 8 });
    const { key, session } = start();
    keepSession(entra.context, session);
    entra.clock.advance(8 * hour - 1);
    expect(account(key)?.session).toBeDefined();
    entra.clock.advance(1);
    expect(account(key)?.session).toBeUndefined();
  });

  it('was ended by a revocation in the same moment or later, and not by one before', () => {
    const { key } = start();
    revokeSignInSessions(entra.context.directory, person().id);
    expect(account(key)).toMatchObject({ session: undefined, endedBy: 'revocation' });
    entra.clock.advance(1);
    expect(account(start().key)).toMatchObject({ endedBy: undefined, session: {} });
  });

  it('was ended by a new password, and not where it signed in with that', () => {
    const { key } = start();
    entra.clock.advance(1);
    notePasswordChange(entra.context.directory, person().id);
    expect(account(key)).toMatchObject({ session: undefined, endedBy: 'password_change' });
    expect(account(start().key)).toMatchObject({ endedBy: undefined, session: {} });
  });

  it('has no session while its person is disabled, and is gone with the person', () => {
    const { key } = start();
    const { directory } = entra.context;
    updateUserProfile(directory, person().id, { enabled: false });
    expect(account(key)).toMatchObject({ session: undefined, endedBy: undefined });
    directory.prepare('DELETE FROM users WHERE id = ?').run(person().id);
    expect(accounts(key)).toEqual([]);
  });

  it('stands before those that are signed out, then before those that signed in earlier', () => {
    const first = start();
    entra.clock.advance(1);
    const second = start(undefined, person(salesperson));
    expect(accounts(first.key, second.key).map(({ key }) => key)).toEqual([second.key, first.key]);
    entra.clock.advance(1);
    const third = start();
    endSession(entra.context, third);
    endSession(entra.context, second);
    expect(accounts(second.key, third.key, first.key).map(({ key }) => key)).toEqual([
      first.key,
      third.key,
      second.key,
    ]);
  });
});
