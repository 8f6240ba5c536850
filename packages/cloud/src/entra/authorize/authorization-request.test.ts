import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAppRoleAssignment } from '../../directory/app-role-assignments.ts';
import { type ApplicationDocument, emptyApplicationDocument } from '../../directory/application-document.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../../directory/service-principals.ts';
import { findUserByName } from '../../directory/users.ts';
import {
  authorizeUrl,
  crmOrigin,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type Shown } from '../testing/scripted-browser.ts';
import { crmScope } from '../testing/sign-in-for-code.ts';

const { web: withoutAddresses } = emptyApplicationDocument(null);

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra();
});
afterEach(() => entra.close());

function ask(app: TestApp, changes: Record<string, string> = {}, version: 1 | 2 = 2): Promise<Shown> {
  const asked: Record<string, string> = version === 1 ? { resource: crmOrigin } : { scope: crmScope };
  const parameters = { client_id: app.clientId, redirect_uri: testRedirectUri, ...asked, ...changes };
  return entra.browser().open(authorizeUrl(entra, version, parameters));
}

function codeSent(shown: Shown): string | undefined {
  return /^AADSTS\d+/.exec(shown.location?.searchParams.get('error_description') ?? '')?.[0];
}

const isSignInPage = (shown: Shown) => hasElement(shown, 'i0116');

it('sends nobody to an address that is none, or that nobody registered', async () => {
  const none = entra.createApp({ document: { web: withoutAddresses } });
  for (const [app, redirect_uri, code] of [
    [entra.createApp(), 'nonsense', 'AADSTS90102'],
    [entra.createApp(), '//localhost:9999/callback', 'AADSTS90102'],
    [none, '', 'AADSTS500113'],
    [none, testRedirectUri, 'AADSTS50011'],
  ] as const) {
    const shown = await ask(app, { redirect_uri });
    expect([shown.location, shown.html.includes(code)]).toEqual([undefined, true]);
  }
});

it.each<[string, Partial<ApplicationDocument>, string]>([
  ['web before the others', { spa: { redirectUris: ['https://spa.example/'] } }, testRedirectUri],
  [
    'a single page app before a public client',
    {
      web: withoutAddresses,
      publicClient: { redirectUris: ['https://native.example/'] },
      spa: { redirectUris: ['https://spa.example/'] },
    },
    'https://spa.example/',
  ],
])('answers to the first registered address where none is named: %s', async (_what, document, expected) => {
  const { location } = await ask(entra.createApp({ document }), { redirect_uri: '', prompt: 'none' });
  expect(location?.href.startsWith(`${expected}?error=login_required`)).toBe(true);
});

it('asks an app of v1 that names no API and lists none to list one, a sign-in excepted', async () => {
  const bare = entra.createApp({ document: { requiredResourceAccess: [] } });
  expect(codeSent(await ask(bare, { resource: '' }, 1))).toBe('AADSTS650056');
  expect(isSignInPage(await ask(bare, { resource: '', scope: 'openid' }, 1))).toBe(true);
  expect(isSignInPage(await ask(entra.createApp(), { resource: '' }, 1))).toBe(true);
  const microsofts = await ask(
    { ...bare, clientId: wellKnownIds.dynamicsDevelopmentTools },
    { resource: '', redirect_uri: '' },
    1,
  );
  expect(isSignInPage(microsofts)).toBe(true);
});

const characters = (count: number) => 'aB3-._~'.repeat(20).slice(0, count);

it.each([
  ['plain', 42, 'AADSTS501491'],
  ['plain', 43, undefined],
  ['plain', 128, undefined],
  ['plain', 129, 'AADSTS501491'],
  ['S256', 42, 'AADSTS501491'],
  ['S256', 43, undefined],
  ['S256', 44, 'AADSTS501491'],
])('takes a %s challenge of %i characters: %s', async (method, size, code) => {
  const shown = await ask(entra.createApp(), {
    code_challenge: characters(size),
    code_challenge_method: method,
  });
  expect([codeSent(shown), isSignInPage(shown)]).toEqual([code, code === undefined]);
});

it.each<[string, Record<string, string>, string]>([
  ['a challenge of other characters', { code_challenge: `${characters(42)}+` }, 'AADSTS501491'],
  ['a method without a challenge', { code_challenge_method: 'S256' }, 'AADSTS50147'],
  ['blanks for a response type', { response_type: ' ' }, 'AADSTS70005'],
  ['an unknown response type beside code', { response_type: 'code cookie' }, 'AADSTS70005'],
  ['no response type', { response_type: '' }, 'AADSTS900144'],
])('tells the app of %s', async (_what, changes, code) => {
  expect(codeSent(await ask(entra.createApp(), changes))).toBe(code);
});

it.each<[string, Record<string, string>, 1 | 2]>([
  ['two prompts beside each other', { prompt: 'login consent' }, 2],
  ['admin_consent', { prompt: 'admin_consent' }, 1],
  ['a response type twice', { response_type: 'code code' }, 2],
  ['no nonce beside a code', { nonce: '' }, 2],
  ['blanks around a prompt', { prompt: ' login ' }, 2],
])('lets %s pass', async (_what, changes, version) => {
  expect(isSignInPage(await ask(entra.createApp(), changes, version))).toBe(true);
});

it('sends no state where none was sent, and the tokens of an answer never in a query', async () => {
  const app = entra.createApp();
  const { location } = await ask(app, { prompt: 'none' });
  expect(location?.searchParams.has('state')).toBe(false);
  const refused = await ask(app, { response_type: 'code id_token', prompt: 'none', state: 's' });
  expect(refused.location?.search).toBe('');
  expect(new URLSearchParams(refused.location?.hash.slice(1)).get('state')).toBe('s');
});

it('tells the app that a person is not assigned to it, where that is required', async () => {
  const app = entra.createApp();
  const { directory } = entra.context;
  const principal = findServicePrincipalByAppId(directory, entra.tenant.id, app.clientId);
  if (!principal) throw new Error('The app has no service principal.');
  updateServicePrincipal(directory, {
    ...principal,
    document: { ...principal.document, appRoleAssignmentRequired: true },
  });
  expect(codeSent(await signIn(await ask(app)))).toBe('AADSTS50105');
  createAppRoleAssignment(directory, {
    tenantId: entra.tenant.id,
    appRoleId: '00000000-0000-0000-0000-000000000000',
    principalId: findUserByName(directory, seededUsers.administrator)?.id ?? '',
    principalType: 'User',
    resourceId: principal.id,
  });
  const consent = await signIn(await ask(app));
  expect(sentParameter(await consent.submit(), 'code')).toBeTruthy();
});
