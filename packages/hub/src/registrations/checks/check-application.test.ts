import type { Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import { graphError } from '../testing/scripted-graph.ts';
import { upkeepEvents } from '../testing/upkeep-events.ts';
import { leadsBackTo } from './leads-back-to.ts';

let hub: RegistrationHub;
let ready: Registration;

beforeEach(async () => {
  hub = await createRegistrationHub();
  ready = await hub.signIn((await hub.begin()).id);
  application().roles = ['Application.Read.All'];
});
afterEach(() => hub.close());

const application = () => {
  const [first] = hub.microsoft.directory.applications;
  if (!first) throw new Error('There is no application.');
  return first;
};
const check = () => hub.call('POST', `/registrations/${ready.id}/check`);
const findings = async () => (await check()).check.findings.map(({ code }) => code);

describe('a registration held against what it needs', () => {
  it('has all of it, as it was made', async () => {
    expect(await check()).toMatchObject({
      adminConsentGranted: true,
      rotation: { mayRotate: false },
      check: { checkedAt: expect.any(String), readFromGraph: true, findings: [], failure: null },
    });
  });

  it.each([
    ['permission_missing', () => Object.assign(application(), { requiredResourceAccess: [] })],
    ['consent_missing', () => hub.microsoft.directory.grants.splice(0)],
    ['secret_gone', () => Object.assign(application().passwordCredentials[0] ?? {}, { keyId: 'another' })],
    [
      'redirect_uri_missing',
      () => Object.assign(application(), { web: { redirectUris: ['https://elsewhere.example/'] } }),
    ],
    ['service_principal_gone', () => hub.microsoft.directory.servicePrincipals.splice(2)],
    [
      'service_principal_disabled',
      () => Object.assign(hub.microsoft.directory.servicePrincipals[2] ?? {}, { accountEnabled: false }),
    ],
  ])('tells that something is not there any more: %s', async (code, takeAway) => {
    takeAway();
    const { check: told } = await check();
    expect(told.findings).toMatchObject([{ code, whoActs: 'administrator', remedy: expect.any(String) }]);
  });

  it('tells that the application itself is gone, where the token can still be had', async () => {
    hub.microsoft.faults('GET /applications', { answer: { status: 200, body: { value: [] } } });
    expect(await findings()).toEqual(['application_gone']);
  });

  it('says nothing of consents that it may not read', async () => {
    hub.microsoft.directory.grants.splice(0);
    hub.microsoft.faults('GET /oauth2PermissionGrants', {
      answer: graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges.'),
    });
    expect(await check()).toMatchObject({
      adminConsentGranted: true,
      check: { findings: [], failure: null },
    });
  });

  it('says that it could not look while Graph does not answer, and keeps what it knew', async () => {
    application().requiredResourceAccess = [];
    await check();
    hub.microsoft.faults('GET /applications', { answer: { status: 503 } });
    expect((await check()).check).toMatchObject({
      findings: [{ code: 'permission_missing' }],
      failure: { code: 'graph_unavailable' },
    });
  });

  it('reads nothing where the application may not read itself', async () => {
    application().roles = [];
    expect((await check()).check).toMatchObject({ readFromGraph: false, findings: [], failure: null });
    expect(hub.microsoft.count('GET /applications')).toBe(1);
  });

  it('takes the secret’s end from Graph, which knows it better than who typed it in', async () => {
    await hub.call('PATCH', `/registrations/${ready.id}`, { clientSecretEndsAt: '2030-01-01' });
    expect((await check()).clientSecret?.endsAt).toBe(ready.clientSecret?.endsAt);
  });

  it('finds the secret that a person gave by its first characters, if these tell it from all others', async () => {
    const theirs = (keyId: string, secretText: string, endDateTime: string) => ({
      keyId,
      displayName: 'by hand',
      secretText,
      hint: secretText.slice(0, 3),
      endDateTime,
    });
    application().passwordCredentials.push(theirs('theirs', 'By~Hand', '2029-01-01T00:00:00Z'));
    await hub.call('PATCH', `/registrations/${ready.id}`, { clientSecret: 'By~Hand' });
    application().passwordCredentials.push(theirs('alike', 'By~Other', '2028-01-01T00:00:00Z'));
    expect((await check()).clientSecret).toMatchObject({ keyId: null, endsAt: null });
    application().passwordCredentials.pop();
    expect((await check()).clientSecret).toMatchObject({
      keyId: 'theirs',
      endsAt: '2029-01-01T00:00:00.000Z',
    });
  });

  it('goes on showing the redirect URI that it has, where nothing leads back to the hub', async () => {
    const elsewhere = 'https://old.example.com/oauth/callback';
    application().web = { redirectUris: [elsewhere] };
    await hub.context.store.db.updateTable('registrations').set({ redirect_uri: elsewhere }).execute();
    expect((await check()).redirectUri).toBe(elsewhere);
  });

  it('leads back to where the hub is now by itself, where the application may change itself', async () => {
    application().web = { redirectUris: ['https://old.example.com/oauth/callback'] };
    application().roles = ['Application.ReadWrite.OwnedBy'];
    expect(await findings()).toEqual([]);
    expect(application().web).toEqual({
      redirectUris: ['https://old.example.com/oauth/callback', 'http://localhost:4480/oauth/callback'],
    });
    await hub.context.store.db
      .updateTable('registrations')
      .set({ redirect_uri: 'https://old.example.com/oauth/callback' })
      .execute();
    expect((await check()).redirectUri).toBe('http://localhost:4480/oauth/callback');
    expect(hub.microsoft.count('PATCH /applications/{id}')).toBe(2);
    expect(await upkeepEvents(hub)).toEqual(['redirect_uri_added']);
  });
});

describe('a redirect URI', () => {
  it.each([
    ['http://localhost:4480/oauth/callback', 'http://localhost:9999/oauth/callback', true],
    ['http://localhost/oauth/callback', 'http://localhost:9999/oauth/callback', true],
    ['http://localhost:4480/other', 'http://localhost:4480/oauth/callback', false],
    ['https://a.example.com:1/x', 'https://a.example.com:2/x', false],
    ['https://a.example.com/x', 'https://a.example.com/X', false],
    ['no address', 'https://a.example.com/x', false],
  ])('%s leads to %s: %s', (known, wanted, leads) => {
    const platforms = { web: undefined, spa: undefined, publicClient: { redirectUris: [known] } };
    expect(leadsBackTo(platforms, wanted)).toBe(leads);
  });
});
