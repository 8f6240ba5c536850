import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';

const cloud = {
  authority: 'http://localhost:4481',
  graph: 'http://localhost:4482',
  localEnvironments: ['http://localhost:4483'],
};

async function open() {
  const hub = await createTestHub({ cloud });
  onTestFinished(() => hub.close());
  return hub;
}

describe('the settings', () => {
  it('name the redirect URI that is to be registered', async () => {
    const hub = await open();
    const answer = await hub.inject({ url: '/api/v1/settings', headers: { host: 'evil.example' } });
    expect(answer.json()).toEqual({
      version: '0.1.0',
      publicUrl: 'http://localhost:4480',
      redirectUri: 'http://localhost:4480/oauth/callback',
      clockSkewSeconds: null,
      workloadIdentity: null,
      cloud: { name: 'local', title: 'Test cloud', ...cloud },
    });
  });
});

it('tell how far the authority’s clock is ahead, once it has answered', async () => {
  const hub = await open();
  const { authorityClocks, clock } = hub.context;
  const date = new Date(clock.now() - 90_000).toUTCString();
  authorityClocks.observe(cloud.authority, { sentAt: clock.now(), receivedAt: clock.now(), date });
  const answer = await hub.inject({ url: '/api/v1/settings' });
  expect(answer.json()).toMatchObject({ clockSkewSeconds: -89 });
});

describe('a pasted address', () => {
  const understand = async (address: string) => {
    const hub = await open();
    return hub.inject({ method: 'POST', url: '/api/v1/environment-address', payload: { address } });
  };

  it('is understood', async () => {
    const answer = await understand(' http://localhost:4483/main.aspx?appid=1 ');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      origin: 'http://localhost:4483',
      organization: 'localhost',
      region: 'Local cloud',
      cloud: 'local',
      connectionString: null,
    });
  });

  const clientId = '4d1f0000-0000-4000-8000-000000000001';
  const nothing = { method: null, clientId: null, tenantId: null, hasClientSecret: false, remarks: [] };
  it.each([
    [
      `AuthType=ClientSecret;Url=http://localhost:4483;ClientId=${clientId};ClientSecret=hunter2;TenantId=contoso.com`,
      { method: 'client_credentials', clientId, tenantId: 'contoso.com', hasClientSecret: true, remarks: [] },
    ],
    [
      `Url=http://localhost:4483;Secret=hunter2`,
      { ...nothing, method: 'client_credentials', hasClientSecret: true },
    ],
    ['Url=http://localhost:4483', nothing],
    [
      'AuthType=OAuth;Username=ann;Password=hunter2;Server=http://localhost:4483;AppId=51f81489-12ee-4a9e-aaae-a2591f45987d',
      { ...nothing, method: 'sign_in', remarks: [/user name and password/, /Microsoft’s samples/] },
    ],
    [
      'AuthType=Certificate;Url=http://localhost:4483;Thumbprint=1',
      { ...nothing, remarks: [/by a certificate/] },
    ],
    ['AuthType=Office365;Url=http://localhost:4483', { ...nothing, remarks: [/user name and password/] }],
    [
      'AuthType=OAuth;Url=http://localhost:4483;ClientId=hunter2;Tenant=hunter2',
      { ...nothing, method: 'sign_in', remarks: [/client id is no GUID/, /neither a GUID nor a domain/] },
    ],
  ])('in a connection string comes with what else it says: %s', async (text, expected) => {
    const answer = await understand(text);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain('hunter2');
    expect(answer.json()).toMatchObject({
      origin: 'http://localhost:4483',
      connectionString: {
        ...expected,
        remarks: expected.remarks.map((remark) => expect.stringMatching(remark)),
      },
    });
  });

  it.each([
    [200, 'AuthType=ClientSecret;Url=http://localhost:4483;ClientId=4d1f;ClientSecret=hunter2'],
    [422, 'AuthType=ClientSecret;Url=https://contoso.example;ClientId=4d1f;ClientSecret=hunter2'],
    [422, 'AuthType=ClientSecret;ClientId=4d1f;ClientSecret=hunter2'],
  ])('in a connection string is looked for (%s), and its secret never comes back', async (status, text) => {
    const answer = await understand(text);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).not.toContain('hunter2');
  });

  it('in a connection string is refused with a secret that is longer than any', async () => {
    const string = `Url=http://localhost:4483;Secret=${'hunter2'.repeat(74)}`;
    const answer = await understand(string);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      422,
      { code: 'environment_address_invalid', detail: expect.stringContaining('too long') },
    ]);
    expect(answer.body).not.toContain('hunter2');
  });

  it('that is none is refused with what to paste instead', async () => {
    const answer = await understand('https://portal.azure.com');
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'environment_address_invalid',
      detail: expect.stringContaining('portal.azure.com'),
      remedy: expect.stringContaining('crm'),
    });
  });
});
