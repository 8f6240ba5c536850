import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findApplication } from '../../directory/applications.ts';
import { checkClientSecret, listClientSecrets } from '../../directory/client-secrets.ts';
import { type ClientCertificate, makeClientCertificate } from '../../jwt/testing/client-certificate.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;
let id: string;
let page: (blade: string) => string;

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
  id = await browser.register();
  page = (blade) => `/app-registrations/${id}/${blade}`;
});

afterEach(() => portal.close());

const documentOf = () => findApplication(portal.context.directory, portal.tenant.id, id)?.document;
const shownSecret = (html: string) => /id="new-secret"><span class="value">([^<]*)</.exec(html)?.[1];

it('shows a new secret once, and it lets the application in', async () => {
  const shown = await browser.send(page('secrets/new'), page('secrets/new'), {
    description: 'hub',
    lifetime: '180',
  });
  const secret = shownSecret(shown.html) ?? '';
  const { directory } = portal.context;
  expect(checkClientSecret(directory, id, secret)).toMatchObject({ accepted: true });
  const [stored] = listClientSecrets(directory, id);
  expect(stored?.displayName).toBe('hub');
  expect(shown.html).toContain(stored?.keyId);
  const again = await browser.open(page('secrets'));
  expect(again.html).not.toContain(secret);
  expect(again.html).toContain(`${secret.slice(0, 3)}***`);
});

it('shows a new secret to nobody but the session that made it', async () => {
  const colleague = await portal.signIn();
  const { html } = await browser.open(page('secrets/new'));
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  await browser.post(page('secrets/new'), { form_token: token, lifetime: '90' });
  expect(shownSecret((await colleague.open(page('secrets'))).html)).toBeUndefined();
  expect(shownSecret((await browser.open(page('secrets'))).html)).toBeDefined();
});

it('deletes a secret, and shows why others are refused', async () => {
  await browser.send(page('secrets/new'), page('secrets/new'), { lifetime: '365' });
  const keyId = listClientSecrets(portal.context.directory, id)[0]?.keyId ?? '';
  const gone = await browser.send(page('secrets'), `${page('secrets')}/remove`, { key: keyId });
  expect(gone.html).toContain('was deleted');
  expect(listClientSecrets(portal.context.directory, id)).toEqual([]);
  const refused = await browser.send(page('secrets/new'), page('secrets/new'), {
    lifetime: 'custom',
    end: '2001-01-01',
  });
  expect(refused.html).toContain('role="alert"');
});

const pem = ({ certificate }: ClientCertificate) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;
const upload = (content: string | Uint8Array<ArrayBuffer>, description = '') =>
  browser.upload(page('secrets/certificates'), page('secrets/certificates'), {
    certificate: new Blob([content]),
    description,
  });

it.each(['DER', 'PEM'])('takes a certificate as %s, with its dates and its thumbprint', async (format) => {
  const made = await makeClientCertificate(portal.clock.now());
  const der = new Uint8Array(Buffer.from(made.certificate, 'base64'));
  const { html } = await upload(format === 'DER' ? der : pem(made), 'nightly');
  const [key] = documentOf()?.keyCredentials ?? [];
  expect(key).toMatchObject({ displayName: 'nightly', usage: 'Verify', key: made.certificate });
  const thumbprint = createHash('sha1').update(der).digest('hex').toUpperCase();
  expect(key?.customKeyIdentifier).toBe(thumbprint);
  for (const shown of ['was added', thumbprint, 'nightly', 'Certificates (1)', key?.keyId ?? '?']) {
    expect(html).toContain(shown);
  }
  expect(html).not.toContain(made.certificate);
  expect((await upload(pem(made))).html).toContain('has this certificate already');
});

it('adds a certificate to those that are there, and deletes the one that is meant', async () => {
  const [first, second] = [
    await makeClientCertificate(portal.clock.now()),
    await makeClientCertificate(portal.clock.now()),
  ];
  await upload(pem(first));
  await upload(pem(second));
  const keys = documentOf()?.keyCredentials ?? [];
  expect(keys.map(({ key }) => key)).toEqual([first.certificate, second.certificate]);
  const remove = page('secrets/certificates/remove');
  const { html } = await browser.send(page('secrets/certificates'), remove, { key: keys[0]?.keyId ?? '' });
  expect(html).toContain('The certificate was deleted');
  expect(documentOf()?.keyCredentials.map(({ key }) => key)).toEqual([second.certificate]);
});

it.each([
  ['nothing', '', 'Select the file'],
  ['a text', 'hello', 'is no certificate'],
  [
    'a private key',
    '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
    'has a private key in it',
  ],
])('refuses a file with %s', async (_name, content, reason) => {
  const { html } = await upload(content);
  expect(html).toContain(reason);
  expect(documentOf()?.keyCredentials).toEqual([]);
});

it('takes no upload without the token of the session', async () => {
  const shown = await browser.upload(page('secrets/certificates'), page('secrets/certificates'), {
    form_token: 'guessed',
    certificate: new Blob(['hello']),
  });
  expect(shown.status).toBe(403);
});

const federated = {
  name: 'nightly',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/nightly:ref:refs/heads/main',
  audience: 'api://AzureADTokenExchange',
};
const blade = 'secrets/federated';

it('adds, changes and deletes a federated credential', async () => {
  const added = await browser.send(page(`${blade}/new`), page(`${blade}/new`), federated);
  for (const shown of ['was added', federated.issuer, federated.subject]) expect(added.html).toContain(shown);
  const [credential] = documentOf()?.federatedIdentityCredentials ?? [];
  expect(credential).toMatchObject({ name: 'nightly', audiences: [federated.audience], description: null });
  const own = page(`${blade}/${credential?.id}`);
  await browser.send(own, own, { ...federated, subject: 'repo:contoso/other', description: 'CI' });
  expect(documentOf()?.federatedIdentityCredentials).toMatchObject([
    { subject: 'repo:contoso/other', description: 'CI' },
  ]);
  const { html } = await browser.send(page(blade), `${own}/remove`);
  expect(html).toContain('was deleted');
  expect(documentOf()?.federatedIdentityCredentials).toEqual([]);
  expect((await browser.open(own)).status).toBe(404);
});

it('keeps what was typed when a federated credential is refused', async () => {
  const form = page(`${blade}/new`);
  const { html } = await browser.send(form, form, { ...federated, issuer: 'github' });
  expect(html).toContain('Expected a URL');
  for (const typed of ['value="github"', `value="${federated.subject}"`]) expect(html).toContain(typed);
  await browser.send(form, form, federated);
  expect((await browser.send(form, form, federated)).html).toContain('already exists');
});
