import { afterEach, beforeEach, expect, it } from 'vitest';
import { findApplication } from '../../directory/applications.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let administrator: PortalBrowser;

beforeEach(async () => {
  portal = await openTestPortal();
  administrator = await portal.signIn();
});

afterEach(() => portal.close());

const list = '/app-registrations';
const find = (id: string) => findApplication(portal.context.directory, portal.tenant.id, id);

it('registers an application with the permission to sign in and its service principal', async () => {
  const id = await administrator.register({
    name: 'CRM link',
    audience: 'AzureADMultipleOrgs',
    platform: 'web',
    uri: 'https://example.com/auth',
  });
  const application = find(id);
  expect(application).toMatchObject({
    displayName: 'CRM link',
    document: {
      signInAudience: 'AzureADMultipleOrgs',
      web: { redirectUris: ['https://example.com/auth'] },
      requiredResourceAccess: [
        { resourceAppId: '00000003-0000-0000-c000-000000000000', resourceAccess: [{ type: 'Scope' }] },
      ],
    },
  });
  const appId = application?.appId ?? '';
  expect(findServicePrincipalByAppId(portal.context.directory, portal.tenant.id, appId)).toBeDefined();
  const overview = await administrator.open(`${list}/${id}`);
  for (const shown of [id, appId, portal.tenant.id, '1 web, 0 spa, 0 public client']) {
    expect(overview.html).toContain(shown);
  }
});

it.each([
  [{ name: ' ' }, 'must not be empty'],
  [{ name: 'n'.repeat(121) }, 'more than 120 characters'],
  [{ name: 'App', platform: 'web', uri: 'http://example.com/' }, 'must begin with https'],
  [{ name: 'App', platform: 'web', uri: 'https://example.com/#a' }, 'has a fragment'],
  [{ name: 'App', uri: 'https://example.com/' }, 'Select a platform'],
  [{ name: 'App', audience: 'Everybody' }, 'signInAudience'],
])('shows why a registration is refused and keeps what was typed: %j', async (fields, reason) => {
  const shown = await administrator.send(`${list}/new`, `${list}/new`, fields);
  expect(shown.html).toContain('role="alert"');
  expect(shown.html).toContain(reason);
  expect(shown.html).toContain(`value="${fields.name}"`);
});

it('lists own applications, all of them, and finds by name or client id', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  await administrator.register({ name: 'Alpha' });
  const id = await salesperson.register({ name: 'Beta' });
  const own = await salesperson.open(list);
  expect(own.html).toContain('Beta');
  expect(own.html).not.toContain('Alpha');
  const all = await salesperson.open(`${list}/all`);
  expect(all.html).toContain('Alpha');
  expect((await administrator.open(`${list}/all?search=bET`)).html).not.toContain('Alpha');
  expect((await administrator.open(`${list}/all?search=${find(id)?.appId}`)).html).toContain('Beta');
  expect((await administrator.open(`${list}/all?search=${encodeURIComponent('<script>')}`)).html).toContain(
    '&lt;script&gt;',
  );
});

it('lets others look at an application and not change it', async () => {
  const id = await administrator.register();
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const overview = await salesperson.open(`${list}/${id}`);
  expect(overview.html).toContain('Only its owners and application administrators');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(overview.html) ?? [];
  const refused = await salesperson.post(`${list}/${id}/delete`, { form_token: token });
  expect(refused.status).toBe(403);
  expect(find(id)).toBeDefined();
});

it('deletes, restores and deletes for good', async () => {
  const id = await administrator.register({ name: 'Short-lived' });
  const gone = await administrator.send(`${list}/${id}/delete`, `${list}/${id}/delete`);
  expect(gone.html).toContain('can be restored for 30 days');
  expect(gone.html).toContain('Short-lived');
  expect((await administrator.open(`${list}/${id}`)).status).toBe(404);
  const page = `${list}/deleted/${id}`;
  expect((await administrator.send(page, `${page}/restore`)).html).toContain('was restored');
  await administrator.send(`${list}/${id}/delete`, `${list}/${id}/delete`);
  expect((await administrator.send(page, `${page}/purge`)).html).toContain('deleted for good');
  expect((await administrator.open(page)).status).toBe(404);
});

it('lists every address that a client needs', async () => {
  const id = await administrator.register();
  const { html } = await administrator.open(`${list}/${id}/endpoints`);
  for (const path of ['/oauth2/authorize', '/oauth2/token', '/oauth2/v2.0/authorize', '/oauth2/v2.0/token']) {
    expect(html).toContain(`http://localhost:4481/${portal.tenant.id}${path}<`);
  }
  expect(html).toContain('http://localhost:4483/api/data/v9.2/');
});

it.each(['not-a-guid', '00000000-0000-4000-8000-000000000000'])('has no page for %s', async (id) => {
  expect([400, 404]).toContain((await administrator.open(`${list}/${id}`)).status);
});
