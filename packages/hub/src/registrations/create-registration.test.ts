import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';
import { registrationCredentials } from '../tokens/registration-credentials.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { entraError } from './testing/scripted-entra.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

const clientId = '11112222-3333-4444-8555-666677778888';
const clientSecret = 'Kept~Secret';

function adopt(body: object = {}) {
  const adoption = { kind: 'adopted', name: 'Old app', tenantId: 'contoso.onmicrosoft.com', clientId };
  return hub.call('POST', '/registrations', { ...adoption, ...body });
}

/** The tenant has the application already, with a secret. */
function addApplication() {
  hub.microsoft.directory.applications.push({
    id: '00000000-0000-4000-8000-0000000000aa',
    appId: clientId,
    passwordCredentials: [
      { keyId: 'k', displayName: 'by hand', secretText: clientSecret, endDateTime: '2027-05-01T00:00:00Z' },
    ],
  });
}

describe('adopting an application', () => {
  it('proves it by a token at once, and finds the tenant’s id by its domain', async () => {
    addApplication();
    const adopted = await adopt({ clientSecret, clientSecretEndsAt: '2027-05-01' });
    const { tenantId } = hub.microsoft.directory;
    expect(adopted).toMatchObject({
      kind: 'adopted',
      state: 'ready',
      tenantId,
      clientId,
      clientSecret: { keyId: null, hint: 'Kep', endsAt: '2027-05-01T00:00:00.000Z' },
    });
    expect(adopted.steps.map(({ name, state }) => [name, state])).toEqual([
      ['tenant', 'done'],
      ['proof', 'done'],
    ]);
    expect(JSON.stringify([adopted, hub.logLines])).not.toContain(clientSecret);
    expect(await registrationCredentials(hub.context, adopted.id)).toMatchObject({
      tenantId,
      credential: { kind: 'secret', secret: clientSecret },
    });
  });

  it('is ready without a secret, and says what is not proven', async () => {
    const adopted = await adopt();
    expect(adopted).toMatchObject({ state: 'ready', clientSecret: null });
    expect(adopted.steps[1]).toMatchObject({ state: 'waiting', detail: expect.stringContaining('sign-in') });
  });

  it.each([
    [
      'the secret is wrong',
      entraError(401, 'invalid_client', 7000215),
      'client_secret_wrong',
      'AADSTS7000215',
    ],
    [
      'the secret has ended',
      entraError(401, 'invalid_client', 7000222),
      'client_secret_expired',
      'AADSTS7000222',
    ],
    [
      'the application is not in the tenant',
      entraError(400, 'unauthorized_client', 700016),
      'token_request_refused',
      'AADSTS700016',
    ],
  ])('is saved as failed when %s, without waiting', async (_case, answer, code, aadsts) => {
    hub.microsoft.entra.tokenAnswers.push(answer);
    const failed = await adopt({ clientSecret: 'whatever' });
    expect(failed).toMatchObject({ state: 'failed', failure: { code, remote: { code: aadsts } } });
    expect(hub.waits).toEqual([]);
    await expect(registrationCredentials(hub.context, failed.id)).rejects.toMatchObject({
      code: 'registration_not_ready',
    });
  });

  it('tells a tenant that does not exist', async () => {
    const failed = await adopt({ tenantId: 'contoso.example' });
    expect(failed).toMatchObject({ state: 'failed', failure: { remote: { code: 'AADSTS90002' } } });
  });

  it('tells it in Microsoft’s words when a gateway has made a 200 of them', async () => {
    const answer = { ...entraError(400, 'invalid_tenant', 90002), status: 200 };
    hub.microsoft.faults('GET /contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration', { answer });
    expect(await adopt()).toMatchObject({ state: 'failed', failure: { remote: { code: 'AADSTS90002' } } });
  });

  it('can be proven again once the application is mended', async () => {
    const { id } = await adopt({ clientSecret });
    addApplication();
    expect((await hub.call('POST', `/registrations/${id}/retry`)).state).toBe('running');
    await hub.context.background.idle();
    expect((await hub.show(id)).state).toBe('ready');
  });
});

describe('a registration that is asked for wrongly', () => {
  it.each([
    ['without a name', { name: ' ' }, 'name'],
    ['with too long a name', { name: 'x'.repeat(121) }, 'name'],
    [
      'with too long a name for personal accounts',
      { name: 'x'.repeat(91), signInAudience: 'AzureADandPersonalMicrosoftAccount' },
      'name',
    ],
    ['with plain http', { redirectUri: 'http://latchkey.example.com/callback' }, 'redirectUri'],
    ['with a tenant that can’t be one', { tenantId: 'contoso' }, 'tenantId'],
    ['with a secret for ever', { secretLifetimeDays: 731 }, 'secretLifetimeDays'],
    ['with an unknown field', { secret: 'x' }, ''],
  ])('is refused %s, at the field', async (_case, body, path) => {
    expect(await hub.begin(body)).toMatchObject({ status: 422, code: 'invalid_body', errors: [{ path }] });
    expect(hub.microsoft.calls).toEqual([]);
  });

  it('is refused a browser sign-in where Microsoft can’t send the browser back to', async () => {
    const elsewhere = await createTestHub({ config: { publicUrl: 'https://latchkey.example.com' } });
    const answer = await elsewhere.inject({
      method: 'POST',
      url: '/api/v1/registrations',
      payload: { kind: 'created', name: 'Latchkey', administratorSignIn: 'browser' },
    });
    await elsewhere.close();
    expect(answer.json()).toMatchObject({
      status: 422,
      errors: [{ path: 'administratorSignIn' }],
      remedy: expect.stringContaining('device code'),
    });
  });
});
