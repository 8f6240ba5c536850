import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededPersonalAccount } from '../../directory/personal-accounts.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { findUserByName, passwordMatches, updateUserProfile } from '../../directory/users.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
});

afterEach(() => portal.close());

const user = (name: string) => findUserByName(portal.context.directory, name);
const pageOf = (name: string) => `/users/${user(name)?.id}`;

it('lists people with their roles and licences, and finds them', async () => {
  const { html } = await browser.open('/users');
  for (const shown of ['Megan Bowen', 'Global Administrator', 'Alex Wilber', 'Dynamics 365 Sales']) {
    expect(html).toContain(shown);
  }
  expect((await browser.open('/users?search=diego')).html).not.toContain('Alex Wilber');
});

it('changes what a person may do, and disables them', async () => {
  const page = pageOf(seededUsers.withoutLicence);
  await browser.send(page, page, {
    enabled: 'on',
    'licence:dynamics-365-sales': 'on',
    'role:Application Administrator': 'on',
  });
  expect(user(seededUsers.withoutLicence)).toMatchObject({
    enabled: true,
    licences: ['dynamics-365-sales'],
    directoryRoles: ['Application Administrator'],
  });
  await browser.send(page, page);
  expect(user(seededUsers.withoutLicence)?.enabled).toBe(false);
});

it('keeps administrators from locking themselves out', async () => {
  const page = pageOf(seededUsers.administrator);
  const refused = await browser.send(page, page, { enabled: 'on' });
  expect(refused.html).toContain('your own role of Global Administrator');
  expect(user(seededUsers.administrator)?.directoryRoles).toEqual(['Global Administrator']);
});

it('keeps administrators from disabling their own account', async () => {
  const page = pageOf(seededUsers.administrator);
  const refused = await browser.send(page, page, { 'role:Global Administrator': 'on' });
  expect(refused.html).toContain('can not disable your own account');
  expect(user(seededUsers.administrator)?.enabled).toBe(true);
});

it('knows nobody of another directory', async () => {
  expect(user(seededPersonalAccount)).toBeDefined();
  expect((await browser.open(pageOf(seededPersonalAccount))).status).toBe(404);
});

it('revokes the sessions of a person', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const page = pageOf(seededUsers.salesperson);
  expect((await browser.send(page, `${page}/revoke`)).html).toContain('were revoked');
  expect((await salesperson.open('/')).status).toBe(303);
});

it('lets members look at people and change nobody', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const page = pageOf(seededUsers.withoutLicence);
  const { html } = await salesperson.open(page);
  expect(html).toContain('Only a Global Administrator can change them');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  expect((await salesperson.post(page, { form_token: token })).status).toBe(403);
  expect((await salesperson.post(`${page}/revoke`, { form_token: token })).status).toBe(403);
  expect((await salesperson.open('/users/nobody')).status).toBe(404);
});

it('lets a User Administrator change nobody, since these pages do more than Graph lets one do', async () => {
  const { id = '' } = user(seededUsers.salesperson) ?? {};
  updateUserProfile(portal.context.directory, id, { directoryRoles: ['User Administrator'] });
  const manager = await portal.signIn(seededUsers.salesperson);
  const [, token = ''] =
    /name="form_token" value="([^"]*)"/.exec((await manager.open('/app-registrations/new')).html) ?? [];
  const attempts: Record<string, Record<string, string>> = {
    '': { enabled: 'on' },
    '/profile': { display: 'Taken' },
    '/password': { password: 'N3w-secret' },
    '/conditions': { locked: 'on', password: 'good', factor: 'not_required' },
    '/revoke': {},
  };
  for (const name of [seededUsers.administrator, seededUsers.withoutLicence]) {
    const before = user(name);
    const statuses: number[] = [];
    for (const [path, fields] of Object.entries(attempts)) {
      const { status } = await manager.post(pageOf(name) + path, { form_token: token, ...fields });
      statuses.push(status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403]);
    expect(user(name)).toEqual(before);
    expect(passwordMatches(portal.context.directory, before?.id ?? '', seededPassword)).toBe(true);
  }
});

it('puts conditions between a person and a token, and refuses those that it does not know', async () => {
  const page = pageOf(seededUsers.salesperson);
  const conditions = {
    locked: 'on',
    password: 'expired',
    factor: 'required',
    code: '654321',
    block: 'risky_user',
  };
  await browser.send(page, `${page}/conditions`, conditions);
  const expected = {
    isLocked: true,
    password: 'expired',
    secondFactor: 'required',
    oneTimeCode: '654321',
    blockedBy: 'risky_user',
  };
  expect(user(seededUsers.salesperson)?.conditions).toEqual(expected);
  for (const wrong of [{ code: '12' }, { password: 'toString' }, { block: 'constructor' }, { factor: '' }]) {
    const refused = await browser.send(page, `${page}/conditions`, { ...conditions, ...wrong });
    expect(refused.html).toContain('role="alert"');
  }
  expect(user(seededUsers.salesperson)?.conditions).toEqual(expected);
});

const newUser = {
  name: 'ada.lovelace',
  domain: 'contoso.onmicrosoft.com',
  display: 'Ada Lovelace',
  password: 'Enchantress1',
  licence: 'on',
};
const create = (fields: Record<string, string>) => browser.send('/users/new', '/users/new', fields);

it('creates a person, who signs in with the password that they were given', async () => {
  expect((await create(newUser)).html).toContain('The user was created');
  const ada = user('ada.lovelace@contoso.onmicrosoft.com');
  expect(ada).toMatchObject({ displayName: 'Ada Lovelace', licences: ['dynamics-365-sales'], enabled: true });
  expect(passwordMatches(portal.context.directory, ada?.id ?? '', newUser.password)).toBe(true);
  expect((await create(newUser)).html).toContain('signs in as');
});

it.each(["O'Neill", 'a!b^c~d-e#_'])('creates a person who is called %s', async (name) => {
  await create({ ...newUser, name });
  expect(user(`${name.toLowerCase()}@contoso.onmicrosoft.com`)).toBeDefined();
});

it.each([
  [{ name: 'no blanks' }, 'A sign-in name has'],
  [{ name: 'ada.' }, 'A sign-in name has'],
  [{ name: '' }, 'A sign-in name has'],
  [{ domain: 'fabrikam.com' }, 'Select a domain'],
  [{ display: ' ' }, 'A display name has'],
  [{ password: 'short' }, 'A password has'],
  [{ password: 'enchantress' }, 'does not comply with password complexity requirements'],
])('refuses to create a person with %j, and keeps what was typed', async (change, reason) => {
  const { html } = await create({ ...newUser, job: 'Countess', ...change });
  expect(html).toContain(reason);
  expect(html).toContain('value="Countess"');
  expect(html).not.toContain(newUser.password);
});

it('changes the properties of a person, and resets their password', async () => {
  const page = pageOf(seededUsers.salesperson);
  await browser.send(page, `${page}/profile`, {
    display: 'Alex W.',
    given: 'Alexandra',
    family: 'Wilber',
    job: '',
    mail: 'alex@contoso.com',
  });
  expect(user(seededUsers.salesperson)).toMatchObject({
    displayName: 'Alex W.',
    givenName: 'Alexandra',
    jobTitle: null,
    mail: 'alex@contoso.com',
  });
  expect((await browser.send(page, `${page}/password`, { 'new-password': 'short' })).html).toContain(
    'does not comply',
  );
  const shown = await browser.send(page, `${page}/password`, {
    'new-password': 'Another1word',
    change: 'on',
  });
  expect(shown.html).toContain('The password was reset');
  expect(shown.html).not.toContain('Another1word');
  const { id = '', conditions } = user(seededUsers.salesperson) ?? {};
  expect(passwordMatches(portal.context.directory, id, 'Another1word')).toBe(true);
  expect(conditions).toMatchObject({ password: 'must_change' });
});

it('lets members create nobody and reset no password', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const { html } = await salesperson.open('/users/new');
  expect(html).toContain('Only a Global Administrator can create users');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  const page = pageOf(seededUsers.withoutLicence);
  for (const action of ['/users/new', `${page}/password`, `${page}/profile`]) {
    const sent = { ...newUser, 'new-password': 'Another1word', form_token: token };
    expect((await salesperson.post(action, sent)).status).toBe(403);
  }
});
