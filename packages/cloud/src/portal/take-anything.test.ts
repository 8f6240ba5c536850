import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { httpStatus } from '../ground/http-status.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from './testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;
let id: string;
let token: string;

beforeEach(async () => {
  portal = await openTestPortal({ isClockMovable: true });
  browser = await portal.signIn();
  id = await browser.register();
  const { html } = await browser.open('/');
  token = /name="form_token" value="([^"]*)"/.exec(html)?.[1] ?? '';
});

afterEach(() => portal.close());

const runs = { numRuns: 60 };
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e999',
    'null',
    '{}',
    '[]',
    '{"web":{"redirectUris":[null]}}',
    '9999-12-31',
    '0000-00-00',
  ),
  fc.constantFrom('web', 'spa', 'custom', '180', '__proto__', 'constructor', 'AzureADMyOrg', 'days', 'html'),
);

/** Forms by their path below an application, or by their whole path; with the fields that they read. */
const forms: readonly (readonly [string, readonly string[]])[] = [
  ['/app-registrations/new', ['name', 'audience', 'platform', 'uri']],
  ['authentication', ['logout', 'implicit-access', 'public']],
  ['authentication/add', ['platform', 'uri']],
  ['authentication/remove', ['platform', 'uri']],
  ['secrets/new', ['description', 'lifetime', 'start', 'end']],
  ['secrets/remove', ['key']],
  ['secrets/federated/new', ['name', 'issuer', 'subject', 'audience', 'description']],
  ['secrets/certificates', ['certificate', 'description']],
  ['secrets/certificates/remove', ['key']],
  ['branding', ['name', 'home', 'terms', 'privacy', 'notes', 'version']],
  ['token-configuration/add', ['token', 'claim:upn']],
  ['token-configuration/remove', ['token', 'claim']],
  ['token-configuration/groups', ['groups']],
  ['expose-an-api/uri', ['uri']],
  ['expose-an-api/clients', ['client']],
  ['expose-an-api/clients/remove', ['client']],
  ['expose-an-api/scopes/new', ['value', 'consent', 'admin-name', 'admin-description', 'user-name', 'state']],
  ['app-roles/new', ['name', 'value', 'description', 'members', 'enabled']],
  ['permissions/consent', ['others']],
  ['permissions/revoke', ['resource', 'permission', 'value', 'type']],
  ['permissions/remove', ['resource', 'permission']],
  ['permissions/add/00000007-0000-0000-c000-000000000000', ['Scope:all', 'kind']],
  ['owners', ['name']],
  ['owners/remove', ['owner']],
  ['manifest', ['manifest']],
  ['/users/new', ['name', 'domain', 'display', 'given', 'family', 'job', 'password', 'change']],
  ['/policies', ['userConsent', 'deviceCode', 'signInFrequencyHours', 'accessTokenMinutes', 'version']],
  ['/faults', ['kind', 'number', 'service', 'path', 'client', 'times']],
  ['/faults/remove', ['fault']],
  ['/clock', ['amount', 'unit']],
];

it.each(forms)('answers whatever is typed into %s', async (path, names) => {
  const action = path.startsWith('/') ? path : `/app-registrations/${id}/${path}`;
  const fields = fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(fields, async (typed) => {
      const { status } = await browser.post(action, { ...typed, form_token: token });
      expect(status).toBeLessThan(httpStatus.serverError);
      // Refused forms would prove nothing.
      expect(status).not.toBe(403);
    }),
    runs,
  );
});

it('answers whatever is asked for in an address', async () => {
  const segment = text.map(encodeURIComponent);
  const paths = fc.oneof(
    segment.map((given) => `/users/${given}`),
    segment.map((given) => `/app-registrations/${given}`),
    segment.map((given) => `/app-registrations/deleted/${given}`),
    segment.map((given) => `/app-registrations/${id}/permissions/add/${given}`),
    segment.map((given) => `/app-registrations/all?search=${given}&search=${given}`),
    segment.map((given) => `/app-registrations/${id}/secrets/federated/${given}`),
    segment.map((given) => `/app-registrations/${id}/expose-an-api/scopes/${given}`),
    segment.map((given) => `/app-registrations/${id}/app-roles/${given}`),
    segment.map((given) => `/directories/${given}`),
    segment.map((given) => `/tokens?search=${given}&kind=${given}`),
    segment.map((given) => `/sign-ins?search=${given}&done=${given}`),
    segment.map((given) => `/signin/index/?state=${given}&code=${given}`),
    fc.constantFrom('/%', '/users/%E0%A4%A', '/?%=%', '/signin/index/?state=%', '//'),
  );
  await fc.assert(
    fc.asyncProperty(paths, async (path) => {
      expect((await browser.open(path)).status).toBeLessThan(httpStatus.serverError);
    }),
    runs,
  );
});

it('answers whatever is sent in place of an upload', async () => {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const types = fc.constantFrom(
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'multipart/form-data; boundary=',
  );
  const body = fc.oneof(
    text,
    text.map((given) => `--x\r\n${given}\r\n--x--\r\n`),
  );
  await fc.assert(
    fc.asyncProperty(types, body, async (type, payload) => {
      const { statusCode } = await portal.app.inject({
        method: 'POST',
        url: `/app-registrations/${id}/secrets/certificates`,
        headers: { cookie, 'content-type': type },
        payload,
      });
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(statusCode).toBeLessThan(httpStatus.serverError);
    }),
    runs,
  );
});
