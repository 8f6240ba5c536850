import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededPersonalAccount } from '../../directory/personal-accounts.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import { seededOneTimeCode, type UserConditions } from '../../directory/user-conditions.ts';
import { findUserByName, setUserConditions, type User, updateUserProfile } from '../../directory/users.ts';
import {
  authorizeUrl,
  leaveStaySignedIn,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser, type Shown } from '../testing/scripted-browser.ts';

let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterEach(() => entra.close());

const minute = 60_000;

function salesperson(): User {
  const user = findUserByName(entra.context.directory, seededUsers.salesperson);
  if (!user) throw new Error('The seed has no salesperson.');
  return user;
}

function condition(changes: Partial<UserConditions>): void {
  setUserConditions(entra.context.directory, salesperson(), changes);
}

function open(browser: ScriptedBrowser = entra.browser(), more: Record<string, string> = {}): Promise<Shown> {
  const parameters = { client_id: app.clientId, redirect_uri: testRedirectUri, scope: 'openid', ...more };
  return browser.open(authorizeUrl(entra, 2, parameters));
}

async function arrive(page: Shown): Promise<Shown> {
  const shown = await leaveStaySignedIn(page);
  return hasElement(shown, 'idBtn_Back') ? shown.submit() : shown;
}

it('asks for the one-time code where a second factor is required', async () => {
  condition({ secondFactor: 'required' });
  const browser = entra.browser();
  const code = await signIn(await open(browser), seededUsers.salesperson);
  expect(hasElement(code, 'idTxtBx_SAOTCC_OTC')).toBe(true);
  const wrong = await code.submit({ otc: '000000' }, 'idSubmit_SAOTCC_Continue');
  expect(hasElement(wrong, 'idSpan_SAOTCC_Error_OTC')).toBe(true);
  const right = await wrong.submit({ otc: seededOneTimeCode }, 'idSubmit_SAOTCC_Continue');
  expect(sentParameter(await arrive(right), 'code')).toBeTruthy();
  expect(sentParameter(await open(browser, { prompt: 'none' }), 'code')).toBeTruthy();
});

it('takes no code from somebody who gave no password', async () => {
  condition({ secondFactor: 'required' });
  const code = await signIn(await open(), seededUsers.salesperson);
  const flow = /name="ctx" value="([^"]+)"/.exec(code.html)?.[1] ?? '';
  const other = await entra.browser().post(`/${entra.tenant.id}/login`, {
    ctx: flow,
    step: 'code',
    otc: seededOneTimeCode,
  });
  expect(other.html).toContain('AADSTS50089');
});

it('lets a person set up the second factor that they lack, once', async () => {
  condition({ secondFactor: 'unregistered' });
  const page = await signIn(await open(), seededUsers.salesperson);
  expect(page.html).toContain('More information required');
  const shown = /id="oneTimeCode">(\d+)</.exec(page.html)?.[1] ?? '';
  await page.submit({ otc: shown }, 'idSubmit_SAOTCC_Continue');
  const again = await signIn(await open(), seededUsers.salesperson);
  expect(again.html).toContain('Enter code');
});

it('tells a silent request what is missing', async () => {
  const browser = entra.browser();
  await arrive(await signIn(await open(browser), seededUsers.salesperson));
  condition({ secondFactor: 'required' });
  const silent = await open(browser, { prompt: 'none' });
  expect(sentParameter(silent, 'error')).toBe('interaction_required');
  expect(sentParameter(silent, 'error_description')).toContain('AADSTS50076');
  expect(JSON.parse(sentParameter(silent, 'claims'))).toHaveProperty('access_token.capolids');
});

it('locks an account for a minute after ten wrong passwords', async () => {
  const page = await open();
  const tryPassword = (passwd: string) => page.submit({ loginfmt: seededUsers.salesperson, passwd });
  for (let count = 0; count < 10; count += 1) {
    expect((await tryPassword('wrong')).html).toContain('50126');
  }
  expect((await tryPassword(seededPassword)).html).toContain('50053');
  entra.clock.advance(minute);
  expect((await arrive(await tryPassword(seededPassword))).location).toBeDefined();
});

it('tells a personal account that wrong passwords have blocked by the page of its own service', async () => {
  const blocked = (page: Shown) => [hasElement(page, 'idTD_Error'), hasElement(page, 'usernameError')];
  const enter = async (loginfmt: string) => (await open()).submit({ loginfmt, passwd: seededPassword });
  const personal = findUserByName(entra.context.directory, seededPersonalAccount);
  if (personal) setUserConditions(entra.context.directory, personal, { isLocked: true });
  const page = await enter(seededPersonalAccount);
  expect(blocked(page)).toEqual([true, false]);
  expect(hasElement(await page.submit({}, 'other'), 'i0116')).toBe(true);
  condition({ isLocked: true });
  expect(blocked(await enter(seededUsers.salesperson))).toEqual([false, true]);
});

it('takes no right one-time code of an account that wrong ones locked', async () => {
  condition({ secondFactor: 'required' });
  const code = await signIn(await open(), seededUsers.salesperson);
  const enter = (otc: string) => code.submit({ otc }, 'idSubmit_SAOTCC_Continue');
  for (let count = 0; count < 10; count += 1) {
    expect(hasElement(await enter('000000'), 'idSpan_SAOTCC_Error_OTC')).toBe(true);
  }
  expect((await enter(seededOneTimeCode)).html).toContain('50053');
  entra.clock.advance(minute);
  expect((await arrive(await enter(seededOneTimeCode))).location).toBeDefined();
});

it.each<[string, Partial<UserConditions>, string]>([
  ['a locked account', { isLocked: true }, '50053'],
  ['who is blocked by Conditional Access', { blockedBy: 'conditional_access' }, 'AADSTS53003'],
  ['who is at risk', { blockedBy: 'risky_user' }, 'AADSTS53011'],
  ['a guest who has not accepted', { blockedBy: 'guest_invitation_pending' }, 'AADSTS50014'],
])('shows %s why not, and tells the app nothing', async (_name, changes, code) => {
  condition(changes);
  const page = await signIn(await open(), seededUsers.salesperson);
  expect(page.location).toBeUndefined();
  expect(page.html).toContain(code);
});

it('tells nobody that an account is disabled but who knows its password', async () => {
  updateUserProfile(entra.context.directory, salesperson().id, { enabled: false });
  const name = await open();
  const wrong = await name.submit({ loginfmt: seededUsers.salesperson, passwd: 'wrong' });
  expect(wrong.html).toContain('50126');
  const right = await name.submit({ loginfmt: seededUsers.salesperson, passwd: seededPassword });
  expect(right.html).toContain('50057');
});

it.each(['expired', 'must_change'] as const)('has a password renewed that is %s', async (password) => {
  condition({ password });
  const page = await signIn(await open(), seededUsers.salesperson);
  expect(page.html).toContain('Update your password');
  const set = (newpass: string, confirmpass = newpass) =>
    page.submit({ passwd: seededPassword, newpass, confirmpass });
  expect((await set('New@word2', 'Other@word2')).html).toContain('do not match');
  expect((await set('short')).html).toContain('at least 8 characters');
  expect((await set(seededPassword)).html).toContain('not used before');
  expect(sentParameter(await arrive(await set('New@word2')), 'code')).toBeTruthy();
  const old = await signIn(await open(), seededUsers.salesperson);
  expect(old.html).toContain('50126');
});

it('needs an administrator where people may not consent', async () => {
  setTenantPolicy(entra.context.directory, entra.tenant.id, { userConsent: 'off' });
  const page = await signIn(await open(), seededUsers.salesperson);
  expect(page.html).toContain('Need admin approval');
});

it('forgets the wrong passwords with the right one', async () => {
  const page = await open();
  const tryPassword = (passwd: string) => page.submit({ loginfmt: seededUsers.salesperson, passwd });
  const tryNineTimes = async () => {
    for (let count = 0; count < 9; count += 1) expect((await tryPassword('wrong')).html).toContain('50126');
  };
  await tryNineTimes();
  expect((await arrive(await tryPassword(seededPassword))).location).toBeDefined();
  await tryNineTimes();
  expect((await arrive(await tryPassword(seededPassword))).location).toBeDefined();
});
