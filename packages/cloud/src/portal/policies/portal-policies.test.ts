import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
});

afterEach(() => portal.close());

const policy = () => tenantPolicy(portal.context.directory, portal.tenant.id);
const fields = {
  userConsent: 'off',
  adminConsentRequests: 'on',
  deviceCode: 'blocked',
  clientSecrets: 'forbidden',
  staySignedIn: 'asked',
  refreshTokenReuse: 'ends_grant',
  signInFrequencyHours: '0.5',
  longestSecretDays: '',
  accessTokenMinutes: '10',
};

it('sets the policies of the directory', async () => {
  expect((await browser.send('/policies', '/policies', fields)).html).toContain('The policies were saved');
  expect(policy()).toEqual({
    ...fields,
    signInFrequencyHours: 0.5,
    longestSecretDays: null,
    accessTokenMinutes: 10,
  });
});

it.each([
  { userConsent: 'constructor' },
  { deviceCode: '' },
  { refreshTokenReuse: 'once' },
  { accessTokenMinutes: '-1' },
  { accessTokenMinutes: '9' },
  { accessTokenMinutes: '10.5' },
  { accessTokenMinutes: '1441' },
  { longestSecretDays: 'x' },
])('refuses %j, and changes nothing', async (wrong) => {
  const before = policy();
  const { html } = await browser.send('/policies', '/policies', { ...fields, ...wrong });
  expect(html).toContain('role="alert"');
  expect(policy()).toEqual(before);
});

it('lets administrators alone decide', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const { html } = await salesperson.open('/policies');
  expect(html).toContain('Only a Global Administrator');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  expect((await salesperson.post('/policies', { ...fields, form_token: token })).status).toBe(403);
});
