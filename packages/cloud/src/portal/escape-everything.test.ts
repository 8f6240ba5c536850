import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { findApplication, updateApplication } from '../directory/applications.ts';
import { addClientSecret } from '../directory/client-secrets.ts';
import { seededUsers } from '../directory/seed-contoso.ts';
import { findUserByName, updateUserProfile } from '../directory/users.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from './testing/open-test-portal.ts';

const attack = `"'><img src=x onerror=alert(1)></textarea><script>alert(1)</script>`;
const uriAttack = `https://example.com/"><script>alert(1)</script>`;

let portal: TestPortal;
let browser: PortalBrowser;
let id: string;

beforeEach(async () => {
  portal = await openTestPortal();
  const { directory, clock } = portal.context;
  const admin = findUserByName(directory, seededUsers.administrator);
  updateUserProfile(directory, admin?.id ?? '', { displayName: attack, jobTitle: attack });
  browser = await portal.signIn();
  id = await browser.register({ name: attack });
  addClientSecret(directory, id, { displayName: attack, startAt: 0, endAt: clock.now() + 1000 });
  const application = findApplication(directory, portal.tenant.id, id);
  if (!application) throw new Error('The application is gone.');
  const { document } = application;
  document.web.redirectUris = [uriAttack];
  document.web.logoutUrl = attack;
  document.notes = attack;
  updateApplication(directory, application);
});

afterEach(() => portal.close());

/** Markup of the attack that got into a page as it was; our own script alone has a nonce. */
function foreignMarkup(html: string): string[] {
  return html.match(/<img|<script(?! nonce=)|<\/textarea><script/g) ?? [];
}

test('runs no script from a name, a note, an address or a secret, on any page', async () => {
  const application = `/app-registrations/${id}`;
  const blades = ['authentication', 'secrets', 'permissions', 'owners', 'manifest', 'endpoints', 'delete'];
  const pages = [
    '/',
    '/directory',
    '/users',
    '/sign-ins',
    '/faults',
    `/users/${findUserByName(portal.context.directory, seededUsers.administrator)?.id}`,
    '/app-registrations',
    '/app-registrations/all',
    application,
    ...blades.map((blade) => `${application}/${blade}`),
    `${application}/permissions/consent`,
    `${application}/permissions/add`,
    `${application}/permissions/add?apis=organization`,
    `${application}/permissions/add/${wellKnownIds.microsoftGraph}`,
    `/app-registrations/all?search=${encodeURIComponent(attack)}`,
    `/users?search=${encodeURIComponent(attack)}`,
    `/nothing/${encodeURIComponent(attack)}`,
    `/users/${encodeURIComponent(attack)}`,
    `${application}/permissions/add/${encodeURIComponent(attack)}`,
  ];
  for (const page of pages) {
    const { html } = await browser.open(page);
    expect(foreignMarkup(html)).toEqual([]);
  }
  await browser.send(`${application}/delete`, `${application}/delete`);
  expect(foreignMarkup((await browser.open('/app-registrations/deleted')).html)).toEqual([]);
  expect(foreignMarkup((await browser.open(`/app-registrations/deleted/${id}`)).html)).toEqual([]);
});

test('runs no script from a form that is refused and shown again', async () => {
  const application = `/app-registrations/${id}`;
  const refused: [string, string, Record<string, string>][] = [
    ['/app-registrations/new', '/app-registrations/new', { name: attack, platform: 'web', uri: attack }],
    ['/app-registrations/new', '/app-registrations/new', { name: attack.repeat(3) }],
    [`${application}/secrets/new`, `${application}/secrets/new`, { description: attack, lifetime: attack }],
    [`${application}/secrets`, `${application}/secrets/remove`, { key: attack }],
    [`${application}/authentication`, `${application}/authentication/add`, { platform: 'web', uri: attack }],
    [`${application}/owners`, `${application}/owners`, { name: attack }],
    [`${application}/owners`, `${application}/owners/remove`, { owner: attack }],
    [`${application}/manifest`, `${application}/manifest`, { manifest: attack }],
    [
      `${application}/manifest`,
      `${application}/manifest`,
      { manifest: JSON.stringify({ [attack]: attack }) },
    ],
  ];
  for (const [page, action, fields] of refused) {
    const { html } = await browser.send(page, action, fields);
    expect(html).toContain('role="alert"');
    expect(foreignMarkup(html)).toEqual([]);
  }
});
