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
      cloud: { name: 'local', title: 'Test cloud', ...cloud },
    });
  });
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
