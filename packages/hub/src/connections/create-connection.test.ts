import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
} from './testing/create-connection-hub.ts';
import { dataverseError } from './testing/entra-answers.ts';
import { clientId, clientSecret, tenantId } from './testing/scripted-microsoft.ts';

describe('POST /api/v1/connections', () => {
  let hub: ConnectionHub;

  beforeEach(async () => {
    hub = await createConnectionHub();
  });
  afterEach(() => hub.close());

  it('saves a connection to sign in to, with the tenant that the environment tells', async () => {
    const environmentUrl = `${hub.microsoft.crm.origin}/main.aspx?appid=1#x`;
    expect(await makeConnection(hub, { method: 'sign_in', environmentUrl })).toMatchObject({
      name: 'Microsoft Dynamics 365 CRM',
      method: 'sign_in',
      environmentUrl: hub.microsoft.crm.origin,
      tenantId,
      clientId,
      endpointVersion: 'v2',
      tokenUrl: `${hub.microsoft.entra.origin}/${tenantId}/oauth2/v2.0/token`,
      hasClientSecret: false,
      hasRefreshToken: false,
      user: null,
      requestTimeoutSeconds: 20,
      status: { state: 'needs_sign_in', reason: 'No sign-in has been finished for this connection yet.' },
    });
  });

  it('saves it even when the environment does not answer; any organization may sign in then', async () => {
    hub.microsoft.crm.fail('/v9.2/', 'cut_off');
    const connection = await makeConnection(hub, { method: 'sign_in', endpointVersion: 'v1' });
    expect(connection).toMatchObject({
      tenantId: null,
      tokenUrl: `${hub.microsoft.entra.origin}/organizations/oauth2/token`,
    });
  });

  it('proves typed tokens at once', async () => {
    const connection = await makeManualConnection(hub, {
      accessToken: `Bearer ${hub.microsoft.accessToken()}`,
    });
    expect(connection).toMatchObject({
      hasClientSecret: true,
      hasRefreshToken: true,
      user: 'alice@contoso.example',
      status: { state: 'ready', lastProvenAt: expect.any(String) },
    });
  });

  it('takes tokens that a terminal broke into lines', async () => {
    const accessToken = hub.microsoft.accessToken();
    const broken = accessToken.replace(/.{40}/g, '$&\r\n  ');
    const { id } = await makeManualConnection(hub, {
      accessToken: broken,
      refreshToken: 'first-\n refresh-token',
    });
    const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token` });
    expect(answer.json()).toMatchObject({ accessToken });
    await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
    const [refresh] = hub.microsoft.tokenRequests();
    expect(refresh?.form.get('refresh_token')).toBe('first-refresh-token');
  });

  it('gets an access token for a typed refresh token', async () => {
    const connection = await makeManualConnection(hub, { accessToken: undefined });
    expect(connection.status.state).toBe('ready');
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('is limited without a refresh token, and says until when (lesson 5)', async () => {
    const { status } = await makeManualConnection(hub, { refreshToken: undefined });
    const endsAt = new Date(hub.clock.now() + 3_600_000).toISOString();
    expect(status).toMatchObject({ state: 'limited', endsAt, nextRefreshAt: null });
  });

  it('proves client credentials at once', async () => {
    const connection = await makeConnection(hub, { method: 'client_credentials', clientSecret });
    expect(connection).toMatchObject({ user: null, status: { state: 'ready' } });
  });

  it('saves what can’t be proven; the state tells why', async () => {
    const connection = await makeConnection(hub, { method: 'client_credentials', clientSecret: 'wrong' });
    expect(connection.status).toMatchObject({
      state: 'blocked',
      whoActs: 'administrator',
      failure: { code: 'client_secret_wrong', remote: { code: 'AADSTS7000215', httpStatus: 401 } },
    });
  });

  it('takes from a connection string what the fields leave out', async () => {
    const environmentUrl = `AuthType=ClientSecret;Url=${hub.microsoft.crm.origin};AppId=${clientId};Secret=${clientSecret};TenantId=${tenantId}`;
    const input = { method: 'client_credentials', environmentUrl, clientId: undefined };
    const connection = await makeConnection(hub, input);
    expect(connection).toMatchObject({
      environmentUrl: hub.microsoft.crm.origin,
      clientId,
      tenantId,
      hasClientSecret: true,
      status: { state: 'ready' },
    });
    expect(JSON.stringify(connection)).not.toContain(clientSecret);
  });

  it('says who acts when the CRM knows the account but has no licence for it', async () => {
    hub.microsoft.crm.fail(
      '/WhoAmI',
      dataverseError(403, '0x8004d24b', 'The user has not been assigned any License'),
    );
    const { status } = await makeManualConnection(hub);
    expect(status).toMatchObject({
      state: 'blocked',
      whoActs: 'administrator',
      failure: {
        code: 'crm_refused',
        remote: {
          system: 'dataverse',
          code: '0x8004d24b',
          message: 'The user has not been assigned any License',
        },
      },
    });
  });
});

describe('POST /api/v1/connections refuses', () => {
  let hub: ConnectionHub;

  beforeAll(async () => {
    hub = await createConnectionHub();
  });
  afterAll(() => hub.close());

  const signIn = { method: 'sign_in', clientId };
  const manual = { method: 'manual', clientId, refreshToken: 'refresh' };
  const unsignedToken = 'eyJhbGciOiJub25lIn0.e30.x';

  it.each<[string, object, string, string]>([
    [
      'an environment that is none',
      { ...signIn, environmentUrl: 'https://example.com' },
      'environment_address_invalid',
      'environmentUrl',
    ],
    [
      'the maker portal',
      { ...signIn, environmentUrl: 'https://make.powerapps.com' },
      'environment_address_invalid',
      'environmentUrl',
    ],
    [
      'an environment of another cloud',
      { ...signIn, environmentUrl: 'contoso.crm4.dynamics.com' },
      'environment_address_invalid',
      'environmentUrl',
    ],
    ['no environment', { ...signIn, environmentUrl: undefined }, 'invalid_body', 'environmentUrl'],
    ['no application', { method: 'sign_in' }, 'invalid_body', 'clientId'],
    ['a client id that is no GUID', { method: 'sign_in', clientId: 'my app' }, 'invalid_body', 'clientId'],
    ['an application and a registration', { ...signIn, registrationId: 'r' }, 'invalid_body', 'clientId'],
    ['a registration that is none', { method: 'sign_in', registrationId: 'r' }, 'registration_not_found', ''],
    [
      'an application without a secret to sign in as itself',
      { method: 'client_credentials', clientId },
      'invalid_body',
      'clientSecret',
    ],
    ['a tenant that means any', { ...signIn, tenantId: 'common' }, 'invalid_body', 'tenantId'],
    ['no token at all', { method: 'manual', clientId }, 'invalid_body', 'accessToken'],
    ['an access token that is none', { ...manual, accessToken: 'opaque' }, 'invalid_body', 'accessToken'],
    [
      'an access token that no header can carry',
      { ...manual, accessToken: `${unsignedToken}\u0001` },
      'invalid_body',
      'accessToken',
    ],
    ['a token URL that is no address', { ...manual, tokenUrl: 'token' }, 'invalid_body', 'tokenUrl'],
    [
      'a token URL of another scheme',
      { ...manual, tokenUrl: 'ftp://example.com/token' },
      'invalid_body',
      'tokenUrl',
    ],
    [
      'a token URL with a password',
      { ...manual, tokenUrl: 'https://a:b@example.com/token' },
      'invalid_body',
      'tokenUrl',
    ],
    [
      'a token URL on plain http',
      { ...manual, tokenUrl: 'http://example.com/token' },
      'address_not_allowed',
      'tokenUrl',
    ],
    [
      'a token URL inside the network',
      { ...manual, tokenUrl: 'https://10.0.0.5/token' },
      'address_not_allowed',
      'tokenUrl',
    ],
    [
      'a token URL at the clouds’ metadata service',
      { ...manual, tokenUrl: 'https://169.254.169.254/token' },
      'address_not_allowed',
      'tokenUrl',
    ],
    [
      'a token URL on this machine',
      { ...manual, tokenUrl: 'https://localhost/token' },
      'address_not_allowed',
      'tokenUrl',
    ],
    [
      'a timeout of nothing',
      { ...signIn, requestTimeoutSeconds: 0 },
      'invalid_body',
      'requestTimeoutSeconds',
    ],
    ['a method that is none', { method: 'magic', clientId }, 'invalid_body', 'method'],
    ['a field that is none', { ...signIn, colour: 'blue' }, 'invalid_body', ''],
  ])('%s', async (_case, input, code, path) => {
    const payload = { environmentUrl: hub.microsoft.crm.origin, ...input };
    const answer = await hub.inject({ method: 'POST', url: '/api/v1/connections', payload });
    const problem = answer.json<{ code: string; remedy: string; errors?: { path: string }[] }>();
    expect([answer.statusCode >= 400, problem.code]).toEqual([true, code]);
    expect(problem.remedy).not.toBe('');
    const { errors = [{ path: '' }] } = problem;
    expect(errors.map((field) => field.path)).toEqual([path]);
  });

  it('a token URL of Entra ID that names no tenant', async () => {
    const payload = {
      ...manual,
      environmentUrl: hub.microsoft.crm.origin,
      tokenUrl: `${hub.microsoft.entra.origin}/token`,
    };
    const answer = await hub.inject({ method: 'POST', url: '/api/v1/connections', payload });
    expect(answer.json()).toMatchObject({ code: 'invalid_body', errors: [{ path: 'tokenUrl' }] });
  });

  it('an application’s credentials when nothing tells the tenant', async () => {
    hub.microsoft.crm.fail('/v9.2/', { status: 503 });
    const payload = {
      method: 'client_credentials',
      clientId,
      clientSecret,
      environmentUrl: hub.microsoft.crm.origin,
    };
    const answer = await hub.inject({ method: 'POST', url: '/api/v1/connections', payload });
    expect(answer.json()).toMatchObject({ code: 'invalid_body', errors: [{ path: 'tenantId' }] });
  });
});
