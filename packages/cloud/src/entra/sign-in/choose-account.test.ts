import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededPersonalAccount } from '../../directory/personal-accounts.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import { applySeed } from '../../seed/apply-seed.ts';
import {
  authorizeUrl,
  claimsOf,
  offeredAccounts,
  openTestEntra,
  pressTile,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser, type Shown } from '../testing/scripted-browser.ts';
import { redeemCode } from '../testing/sign-in-for-code.ts';

const { administrator, salesperson, withoutLicence } = seededUsers;
const stranger = 'ada@fabrikam.com';
const hour = 3_600_000;

let entra: TestEntra;
let app: TestApp;
let browser: ScriptedBrowser;
beforeEach(async () => {
  entra = await openTestEntra();
  applySeed(entra.context.directory, {
    tenants: [
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com', 'fabrikam.com'],
        users: [{ userPrincipalName: stranger, displayName: 'Ada Lovelace', password: seededPassword }],
      },
    ],
  });
  app = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  browser = entra.browser();
});
afterEach(() => entra.close());

function open(more: Record<string, string> = {}, tenant = 'common', version: 1 | 2 = 2): Promise<Shown> {
  const parameters = {
    client_id: app.clientId,
    redirect_uri: testRedirectUri,
    scope: 'openid profile',
    ...more,
  };
  return browser.open(authorizeUrl(entra, version, parameters, tenant));
}

/** Adds accounts to the browser; each consents to the app. */
async function addAccounts(...users: string[]): Promise<void> {
  for (const user of users) {
    const shown = await signIn(await open({ prompt: 'login', login_hint: user }), user);
    if (hasElement(shown, 'idBtn_Back')) await shown.submit();
    entra.clock.advance(1);
  }
}

/** Who the app gets a code for. */
async function whoCame(shown: Shown): Promise<unknown> {
  const { json } = await redeemCode(entra, app, sentParameter(shown, 'code'));
  return claimsOf(json.id_token).preferred_username;
}

function errorOf(shown: Shown): [error: string, description: string] {
  const [description = ''] = sentParameter(shown, 'error_description').split('\r\n');
  return [sentParameter(shown, 'error'), description];
}

it('each sign-in adds an account, and the picker offers all of them', async () => {
  await addAccounts(administrator, salesperson);
  const picker = await open();
  expect(picker.html).toContain('Pick an account');
  expect(['tilesHolder', 'otherTile', 'otherTileText'].every((id) => hasElement(picker, id))).toBe(true);
  expect(offeredAccounts(picker)).toEqual([`${salesperson}: Signed in`, `${administrator}: Signed in`]);
  expect(await whoCame(await pressTile(picker, administrator))).toBe(administrator);
  expect(await whoCame(await pressTile(picker, salesperson))).toBe(salesperson);
  expect(hasElement(await picker.submit({}, 'other'), 'i0116')).toBe(true);
});

it('each account keeps its session and its id, whoever signs in beside it', async () => {
  await addAccounts(administrator);
  const first = sentParameter(await open({ prompt: 'none' }), 'session_state');
  await addAccounts(salesperson);
  const hinted = (user: string) => open({ prompt: 'none', login_hint: user });
  expect(sentParameter(await hinted(administrator), 'session_state')).toBe(first);
  expect(sentParameter(await hinted(salesperson), 'session_state')).not.toBe(first);
  await addAccounts(administrator);
  expect(sentParameter(await hinted(administrator), 'session_state')).toBe(first);
  expect(offeredAccounts(await open())).toHaveLength(2);
});

it('another app of the browser knows the accounts, too', async () => {
  await addAccounts(administrator, salesperson);
  app = entra.createApp();
  expect(offeredAccounts(await open({}, entra.tenant.id))).toHaveLength(2);
  const hinted = await open({ login_hint: salesperson }, entra.tenant.id);
  expect(hinted.html).toContain('Permissions requested');
});

it('prompt=none says what is missing', async () => {
  expect(errorOf(await open({ prompt: 'none' }))).toEqual([
    'login_required',
    'AADSTS50058: A silent sign-in request was sent but no user is signed in.',
  ]);
  await addAccounts(administrator, salesperson);
  expect(errorOf(await open({ prompt: 'none' }))).toEqual([
    'interaction_required',
    'AADSTS16000: Either multiple user identities are available for the current request or selected account is not supported for the scenario.',
  ]);
  expect(errorOf(await open({ prompt: 'none', login_hint: withoutLicence }))).toEqual([
    'login_required',
    'AADSTS50058: A silent sign-in request was sent but none of the currently signed in user(s) match the requested login hint.',
  ]);
});

it.each<1 | 2>([1, 2])('a hint picks the signed-in account at v%i', async (version) => {
  await addAccounts(administrator, salesperson);
  const silently = (more: Record<string, string>) =>
    open({ response_type: 'code id_token', nonce: 'n', prompt: 'none', ...more }, entra.tenant.id, version);
  const { web } = app.application.document;
  app = entra.createApp({
    document: {
      web: {
        ...web,
        redirectUris: [testRedirectUri],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
      },
      optionalClaims: { idToken: [{ name: 'sid' }, { name: 'login_hint' }] },
    },
  });
  for (const user of [administrator, salesperson]) {
    const consent = await open({ login_hint: user.toUpperCase() }, entra.tenant.id, version);
    await consent.submit();
    const answer = await silently({ login_hint: user });
    const fragment = new URLSearchParams(answer.location?.hash.slice(1));
    const claims = claimsOf(fragment.get('id_token'));
    expect(claims.name).toBeTruthy();
    const byClaim = await silently({ login_hint: String(claims.login_hint) });
    const bySession = await silently({ sid: String(claims.sid) });
    for (const { location } of [byClaim, bySession]) {
      const again = claimsOf(new URLSearchParams(location?.hash.slice(1)).get('id_token'));
      expect(again.oid).toBe(claims.oid);
    }
  }
  const unknown = await silently({ sid: '11111111-1111-4111-8111-111111111111' });
  expect(unknown.location?.hash).toContain('error=login_required');
});

it('a hint of somebody who is not signed in leads to their password, of nobody to their name', async () => {
  await addAccounts(administrator);
  const known = await open({ login_hint: salesperson });
  expect(hasElement(known, 'i0118')).toBe(true);
  expect(known.html).toContain(salesperson);
  expect((await open({ login_hint: 'eve@contoso.com' })).html).toContain('value="eve@contoso.com"');
});

it('prompt=login asks for the password of the account, and no forged button spares it', async () => {
  await addAccounts(administrator);
  const password = await open({ prompt: 'login' });
  expect(hasElement(password, 'i0118')).toBe(true);
  expect(password.html).toContain(administrator);
  await addAccounts(salesperson);
  const picker = await open({ prompt: 'login' });
  expect(offeredAccounts(picker)).toHaveLength(2);
  const asked = await pressTile(picker, administrator);
  expect(hasElement(asked, 'i0118')).toBe(true);
  expect(asked.html).toContain(administrator);
  const back = await asked.submit({}, 'idBtn_Back');
  expect(offeredAccounts(back)).toHaveLength(2);
  const [, forged = ''] = /value="(account:[^"]+)"/.exec(picker.html) ?? [];
  const hinted = await open({ prompt: 'login', login_hint: salesperson });
  expect(hasElement(await hinted.submit({ step: forged }), 'i0118')).toBe(true);
});

it('select_account shows the picker for one account, too, and takes no hint for a choice', async () => {
  await addAccounts(administrator);
  const parameters = { prompt: 'select_account' };
  expect(offeredAccounts(await open(parameters))).toEqual([`${administrator}: Signed in`]);
  expect(offeredAccounts(await open({ ...parameters, login_hint: administrator }))).toHaveLength(1);
  browser = entra.browser();
  expect(hasElement(await open(parameters), 'i0116')).toBe(true);
});

it("at a tenant's address only its accounts go on", async () => {
  await addAccounts(stranger);
  const refused = await open({}, entra.tenant.id);
  expect(refused.html).toContain('50020');
  expect(errorOf(await open({ prompt: 'none' }, entra.tenant.id))[1]).toContain('AADSTS16000');
  expect(errorOf(await open({ prompt: 'none', login_hint: stranger }, entra.tenant.id))[1]).toContain(
    'AADSTS16000',
  );
  await addAccounts(salesperson);
  expect(await whoCame(await open({}, entra.tenant.id))).toBe(salesperson);
  expect(await whoCame(await open({ prompt: 'none' }, entra.tenant.id))).toBe(salesperson);
  expect(sentParameter(await open({}, 'fabrikam.com'), 'code')).toBeTruthy();
  expect(offeredAccounts(await open())).toHaveLength(2);
});

it('domain_hint narrows the accounts', async () => {
  await addAccounts(stranger, salesperson);
  expect(await whoCame(await open({ domain_hint: 'Contoso.onmicrosoft.com' }))).toBe(salesperson);
  expect(sentParameter(await open({ domain_hint: 'fabrikam.com', prompt: 'none' }), 'code')).toBeTruthy();
  expect(offeredAccounts(await open({ domain_hint: 'organizations' }))).toHaveLength(2);
  expect(offeredAccounts(await open({ domain_hint: 'nobody.example' }))).toHaveLength(2);
  expect(hasElement(await open({ domain_hint: 'consumers' }), 'i0116')).toBe(true);
  expect(errorOf(await open({ domain_hint: 'consumers', prompt: 'none' }))[1]).toContain('AADSTS50058');
  const chosen = await open({ domain_hint: 'fabrikam.com', prompt: 'select_account' });
  expect(offeredAccounts(chosen)).toEqual([`${stranger}: Signed in`]);
});

it('domain_hint tells personal accounts from those of work', async () => {
  app = entra.createApp({
    document: {
      signInAudience: 'AzureADandPersonalMicrosoftAccount',
      requiredResourceAccess: [],
    },
  });
  await addAccounts(seededPersonalAccount, salesperson);
  expect(offeredAccounts(await open())).toHaveLength(2);
  const personal = await open({ domain_hint: 'consumers', prompt: 'select_account' });
  expect(offeredAccounts(personal)).toEqual([`${seededPersonalAccount}: Signed in`]);
  expect(sentParameter(await open({ domain_hint: 'consumers' }), 'code')).toBeTruthy();
  expect(await whoCame(await open({ domain_hint: 'organizations' }))).toBe(salesperson);
});

it('an account is signed out in the picker, remembered, and forgotten', async () => {
  await addAccounts(administrator, salesperson);
  const left = await pressTile(await open(), administrator, 'signout');
  expect(offeredAccounts(left)).toEqual([`${salesperson}: Signed in`, `${administrator}: Signed out`]);
  expect(await whoCame(await open())).toBe(salesperson);
  const password = await pressTile(left, administrator);
  expect(hasElement(password, 'i0118')).toBe(true);
  expect(password.html).toContain(administrator);
  expect(errorOf(await open({ prompt: 'none', login_hint: administrator }))[0]).toBe('login_required');
  const forgotten = await pressTile(left, administrator, 'forget');
  expect(offeredAccounts(forgotten)).toEqual([`${salesperson}: Signed in`]);
  const empty = await pressTile(forgotten, salesperson, 'forget');
  expect(offeredAccounts(empty)).toEqual([]);
  expect(hasElement(await empty.submit({}, 'other'), 'i0116')).toBe(true);
  expect(hasElement(await open(), 'i0116')).toBe(true);
});

it("a copied cookie is worth nothing once its account is signed out, and no one's form touches another's accounts", async () => {
  await addAccounts(administrator);
  const copied = new Map(browser.cookies);
  const picker = await open({ prompt: 'select_account' });
  const [, button = ''] = /value="(signout:[^"]+)"/.exec(picker.html) ?? [];
  const [, ctx = ''] = /name="ctx" value="([^"]+)"/.exec(picker.html) ?? [];
  const other = await entra.browser().post('/common/login', { ctx, step: button });
  expect(other.html).toContain('AADSTS50089');
  await picker.submit({}, button);
  for (const [name, value] of copied) browser.cookies.set(name, value);
  expect(errorOf(await open({ prompt: 'none' }))[0]).toBe('login_required');
});

it('the picker tells apps of a sign-out', async () => {
  const logoutUrl = 'https://other.example/logout';
  const { web } = app.application.document;
  app = entra.createApp({ document: { web: { ...web, logoutUrl } } });
  const shown = await signIn(await open({}, entra.tenant.id), salesperson);
  await shown.submit();
  const picker = await open({ prompt: 'select_account' }, entra.tenant.id);
  const left = await pressTile(picker, salesperson, 'forget');
  expect(left.html).toContain(`<iframe src="${logoutUrl}?sid=`);
  expect(left.headers['content-security-policy']).toContain('frame-src https://other.example');
});

it('the sign-in frequency counts for each account by itself', async () => {
  setTenantPolicy(entra.context.directory, entra.tenant.id, { signInFrequencyHours: 4 });
  await addAccounts(administrator, stranger);
  entra.clock.advance(3 * hour);
  await addAccounts(salesperson);
  entra.clock.advance(hour);
  expect(offeredAccounts(await open({ prompt: 'select_account' }))).toEqual([
    `${salesperson}: Signed in`,
    `${stranger}: Signed in`,
    `${administrator}: Signed out`,
  ]);
  expect(hasElement(await open({ login_hint: administrator }), 'i0118')).toBe(true);
  await addAccounts(administrator);
  expect(await whoCame(await open({ prompt: 'none', login_hint: administrator }))).toBe(administrator);
});

it('rubbish in the cookies of accounts is no account', async () => {
  browser.cookies.set('ESTSAUTH', `..x.${'y.'.repeat(500)}`);
  browser.cookies.set('ESTSAUTHPERSISTENT', '%');
  expect(hasElement(await open(), 'i0116')).toBe(true);
  await addAccounts(administrator);
  expect(sentParameter(await open({ prompt: 'none' }), 'code')).toBeTruthy();
});

it('the pages of device codes and of admin consent let the person pick, too', async () => {
  await addAccounts(salesperson, administrator);
  const { json } = await entra.post('/oauth2/v2.0/devicecode', {
    client_id: wellKnownIds.azureCli,
    scope: 'openid',
  });
  const code = await browser.open('/common/oauth2/deviceauth');
  const device = await code.submit({ otc: String(json.user_code) });
  expect(offeredAccounts(device)).toHaveLength(2);
  expect((await pressTile(device, salesperson)).html).toContain('Are you trying to sign in to');
  const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: testRedirectUri });
  const adminConsent = await browser.open(`/${entra.tenant.id}/adminconsent?${query.toString()}`);
  expect((await pressTile(adminConsent, administrator)).html).toContain('Accept for your organization');
  expect((await pressTile(adminConsent, salesperson)).html).toContain('Need admin approval');
});

it('the sign-in log names the account that was picked', async () => {
  await addAccounts(administrator, salesperson);
  await pressTile(await open(), administrator);
  await open({ login_hint: salesperson });
  const named = entra.context.signIns.list().map(({ user }) => user);
  expect(named.slice(0, 2)).toEqual([salesperson, administrator]);
});
