import { afterEach, beforeEach, expect, it } from 'vitest';
import { listEnvironments } from '../../directory/environments.ts';
import { seededPassword } from '../../directory/seed-contoso.ts';
import { signIn } from '../../entra/testing/open-test-entra.ts';
import { applySeed } from '../../seed/apply-seed.ts';
import { openTestPortal, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;

beforeEach(async () => {
  portal = await openTestPortal();
});

afterEach(() => portal.close());

const ada = 'ada@fabrikam.onmicrosoft.com';
const addFabrikam = () =>
  applySeed(portal.context.directory, {
    tenants: [
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com'],
        environments: [{ urlName: 'fabrikam' }],
        users: [
          { userPrincipalName: ada, password: seededPassword, directoryRoles: ['Global Administrator'] },
        ],
      },
    ],
  });

it('leads from one directory to another, where somebody of it signs in', async () => {
  addFabrikam();
  const browser = await portal.signIn();
  const { html } = await browser.open('/directories');
  const [, path = ''] = /href="(\/directories\/[0-9a-f-]{36})"/.exec(html) ?? [];
  const { location } = await browser.open(path);
  expect(location?.pathname).toBe(`${path.replace('/directories', '')}/oauth2/v2.0/authorize`);
  expect(location?.searchParams.get('prompt')).toBe('select_account');
  const done = await signIn(
    await portal.entra.browser().open(`${location?.pathname}${location?.search}`),
    ada,
  );
  await browser.open(`${done.location?.pathname}${done.location?.search}`);
  const home = await browser.open('/users');
  expect(home.html).toContain(ada);
  expect(home.html).toContain('Fabrikam');
  expect(home.html).not.toContain('@contoso.onmicrosoft.com');
});

it('shows people of another directory nothing of this one', async () => {
  addFabrikam();
  const id = await (await portal.signIn()).register({ name: 'Of Contoso' });
  const browser = await portal.signIn(ada);
  expect((await browser.open('/directory')).html).toContain('fabrikam.onmicrosoft.com');
  expect((await browser.open('/app-registrations/all')).html).not.toContain('Of Contoso');
  for (const page of ['', '/permissions', '/secrets/certificates', '/expose-an-api', '/manifest']) {
    expect((await browser.open(`/app-registrations/${id}${page}`)).status).toBe(404);
  }
});

it('offers no way to another directory where there is none', async () => {
  const browser = await portal.signIn();
  expect((await browser.open('/')).html).not.toContain('switch directory');
  addFabrikam();
  expect((await browser.open('/')).html).toContain('switch directory');
});

it('names the environments of the own directory, where they answer', async () => {
  addFabrikam();
  const [, second] = listEnvironments(portal.context.directory);
  const { addresses } = portal.context;
  addresses.environments = new Map([
    [second?.id ?? '', { http: 'http://localhost:4486', https: 'https://localhost:4496' }],
  ]);
  const contoso = (await (await portal.signIn()).open('/directory')).html;
  expect(contoso).toContain('http://localhost:4483<');
  expect(contoso).not.toContain('http://localhost:4486');
  const fabrikam = (await (await portal.signIn(ada)).open('/directory')).html;
  expect(fabrikam).toContain('http://localhost:4486<');
  expect(fabrikam).not.toContain('http://localhost:4483');
  delete addresses.environments;
});
