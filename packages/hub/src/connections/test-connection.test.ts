import type { ConnectionTest } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestTimers, type TestTimers } from '../testing/test-timers.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from './testing/create-connection-hub.ts';
import { dataverseError, entraError } from './testing/entra-answers.ts';
import { tenantId } from './testing/scripted-microsoft.ts';
import type { Fault } from './testing/scripted-server.ts';

const second = 1000;
const hour = 3_600_000;

describe('POST /api/v1/connections/{id}/test', () => {
  let hub: ConnectionHub;
  let timers: TestTimers;
  let connectionId: string;

  beforeEach(async () => {
    timers = createTestTimers();
    hub = await createConnectionHub({ startTimer: timers.startTimer });
    connectionId = (await makeManualConnection(hub, { requestTimeoutSeconds: 1 })).id;
  });
  afterEach(() => hub.close());

  async function test(): Promise<ConnectionTest> {
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/test` });
    return answer.json<ConnectionTest>();
  }

  it('passes each step with the fact that proves it', async () => {
    const { outcome, steps, status } = await test();
    expect(outcome).toBe('passed');
    expect(steps.map(({ name, outcome: verdict, detail }) => [name, verdict, detail])).toEqual([
      ['address', 'passed', `127.0.0.1, Local cloud; it belongs to the tenant ${tenantId}`],
      ['tls', 'passed', 'Plain HTTP on this machine: nothing to check'],
      ['discovery', 'passed', expect.stringContaining(`Issuer ${hub.microsoft.entra.origin}/${tenantId}`)],
      ['token', 'passed', 'The stored access token is valid until 2026-11-02T10:00:00.000Z'],
      ['claims', 'passed', `${hub.microsoft.crm.origin}, alice@contoso.example, user_impersonation`],
      ['who_am_i', 'passed', 'User user-1 of the organization organization-1'],
      ['read', 'passed', 'The first account is “Adventure Works”'],
    ]);
    expect(status.state).toBe('ready');
  });

  it.each<[string, 'entra' | 'crm', string, Fault, string, string, string]>([
    [
      'an environment that does not answer',
      'crm',
      '/v9.2/',
      'cut_off',
      'address',
      'crm_unavailable',
      'failing',
    ],
    ['an environment that is too slow', 'crm', '/v9.2/', 'silence', 'address', 'crm_timeout', 'failing'],
    [
      'an address of something else',
      'crm',
      '/v9.2/',
      { status: 200, body: '<html>' },
      'address',
      'crm_nonsense',
      'failing',
    ],
    ['an address that is not found', 'crm', '/v9.2/', { status: 404 }, 'address', 'crm_nonsense', 'failing'],
    [
      'an unknown tenant',
      'entra',
      '/openid-configuration',
      entraError(400, 'invalid_tenant', 90002),
      'discovery',
      'token_request_refused',
      'blocked',
    ],
    [
      'a discovery document that is a page',
      'entra',
      '/openid-configuration',
      { status: 200, body: '<html>' },
      'discovery',
      'token_endpoint_nonsense',
      'failing',
    ],
    [
      'a discovery document that leads elsewhere',
      'entra',
      '/openid-configuration',
      {
        status: 200,
        body: {
          issuer: 'x',
          authorization_endpoint: 'https://evil.example/a',
          token_endpoint: 'https://evil.example/t',
        },
      },
      'discovery',
      'token_endpoint_nonsense',
      'failing',
    ],
    [
      'a user who is no member',
      'crm',
      '/WhoAmI',
      dataverseError(403, '0x80072560', 'The user is not a member of the organization.'),
      'who_am_i',
      'crm_refused',
      'blocked',
    ],
    [
      'service protection',
      'crm',
      '/WhoAmI',
      dataverseError(429, '0x80072322', 'Number of requests exceeded the limit.'),
      'who_am_i',
      'crm_unavailable',
      'failing',
    ],
    [
      'a WhoAmI that is a page',
      'crm',
      '/WhoAmI',
      { status: 200, body: '<html>' },
      'who_am_i',
      'crm_nonsense',
      'failing',
    ],
    [
      'a role without the privilege to read',
      'crm',
      '/accounts',
      dataverseError(403, '0x80040220', 'Principal user is missing prvReadAccount privilege'),
      'read',
      'crm_refused',
      'blocked',
    ],
  ])('stops at %s', async (_case, server, pathEnd, fault, step, code, state) => {
    hub.microsoft[server].fail(pathEnd, fault);
    void hub.microsoft[server].nextSilence().then(() => timers.pass(second));
    const { outcome, steps, status } = await test();
    expect(outcome).toBe('failed');
    const failed = steps.findIndex(({ name }) => name === step);
    expect(steps.map(({ outcome: verdict }) => verdict)).toEqual(
      steps.map((_, index) => (index < failed ? 'passed' : index === failed ? 'failed' : 'skipped')),
    );
    expect(steps[failed]?.failure).toMatchObject({ code, remedy: expect.stringMatching(/\w/) });
    expect(status).toMatchObject({ state, failure: { code } });
    expect((await test()).status.state).toBe('ready');
  });

  it('fails at the token when Microsoft refuses, and asks again at the next test', async () => {
    hub.clock.advance(2 * hour);
    hub.microsoft.entra.fail('/token', entraError(400, 'invalid_grant', 50173, 'bad_token'));
    const { steps, status } = await test();
    expect(steps.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      name: 'token',
      failure: { code: 'connection_needs_sign_in', remote: { code: 'AADSTS50173' } },
    });
    expect(status.state).toBe('needs_sign_in');
    expect(await test()).toMatchObject({ outcome: 'passed', status: { state: 'ready' } });
  });

  it('fails at the claims for a token of something else', async () => {
    const accessToken = hub.microsoft.accessToken({ aud: 'https://graph.microsoft.com' });
    connectionId = (await makeManualConnection(hub, { accessToken, refreshToken: undefined })).id;
    const { steps, status } = await test();
    expect(steps.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      name: 'claims',
      failure: { code: 'token_not_for_environment' },
    });
    expect(status.state).toBe('needs_sign_in');
  });

  it('heals a 401 once', async () => {
    const { accessToken } = await tokenOf(hub, connectionId);
    hub.microsoft.rejected.add(accessToken);
    expect((await test()).outcome).toBe('passed');
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('gives up after the second 401', async () => {
    hub.microsoft.crm.fail('/WhoAmI', { status: 401 }, { status: 401 });
    const { steps, status } = await test();
    expect(steps.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      name: 'who_am_i',
      detail: 'Dynamics 365 does not accept the access token, nor a new one.',
    });
    expect(status.state).toBe('blocked');
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('does not end a refusal of tokens by what the CRM still answers to the old one', async () => {
    hub.clock.advance(0.95 * hour);
    hub.microsoft.entra.fail('/token', entraError(401, 'invalid_client', 7000222));
    await tokenOf(hub, connectionId);
    hub.microsoft.entra.fail('/token', entraError(401, 'invalid_client', 7000222));
    expect((await test()).status).toMatchObject({
      state: 'blocked',
      failure: { code: 'client_secret_expired' },
    });
  });
});

async function tokenOf(hub: ConnectionHub, id: string): Promise<{ accessToken: string }> {
  const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token` });
  return answer.json<{ accessToken: string }>();
}
