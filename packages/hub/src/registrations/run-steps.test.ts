import type { Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registrationCredentials } from '../tokens/registration-credentials.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { administratorToken, entraError, tokenOf } from './testing/scripted-entra.ts';
import { dynamicsServicePrincipalId, graphError } from './testing/scripted-graph.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

function stepOf({ steps }: Registration, name: Registration['steps'][number]['name']) {
  return steps.find((step) => step.name === name);
}

async function register(): Promise<Registration> {
  const { id } = await hub.begin();
  return hub.signIn(id);
}

describe('a registration', () => {
  it('is made in Entra ID step by step, each with the fact that proves it', async () => {
    const registration = await register();
    const { directory } = hub.microsoft;
    const [application] = directory.applications;

    expect(registration).toMatchObject({
      state: 'ready',
      tenantId: directory.tenantId,
      tenantName: 'Contoso',
      clientId: application?.appId,
      applicationObjectId: application?.id,
      adminConsentGranted: true,
      permissions: [{ api: 'Dynamics CRM', value: 'user_impersonation', type: 'delegated' }],
      signIn: null,
      failure: null,
    });
    expect(registration.steps.map(({ state }) => state)).toEqual(Array(9).fill('done'));
    expect(registration.steps.every(({ detail }) => detail !== null)).toBe(true);
    expect(stepOf(registration, 'sign_in')?.detail).toContain('admin@contoso.onmicrosoft.com');
    expect(stepOf(registration, 'application')?.detail).toContain(application?.appId);
    expect(stepOf(registration, 'permissions')?.detail).toContain('offers no application permission');

    expect(application).toMatchObject({
      displayName: 'Latchkey',
      signInAudience: 'AzureADMyOrg',
      web: { redirectUris: ['http://localhost:4480/oauth/callback'] },
      requiredResourceAccess: [
        {
          resourceAppId: '00000007-0000-0000-c000-000000000000',
          resourceAccess: [{ id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4', type: 'Scope' }],
        },
      ],
    });
    expect(directory.grants).toMatchObject([
      {
        clientId: registration.servicePrincipalId,
        consentType: 'AllPrincipals',
        resourceId: dynamicsServicePrincipalId,
        scope: 'user_impersonation',
      },
    ]);
    expect(hub.waits).toEqual([]);
  });

  it('asks for a secret of the life that was asked for, and hands it to the hub only', async () => {
    const { id } = await hub.begin({ secretLifetimeDays: 30 });
    const registration = await hub.signIn(id);
    const secret = hub.microsoft.directory.applications[0]?.passwordCredentials[0];
    expect(secret?.endDateTime).toBe('2026-12-02T09:00:00.000Z');
    expect(registration.clientSecret).toMatchObject({
      keyId: secret?.keyId,
      hint: 'Qz~',
      endsAt: '2026-12-02T09:00:00.000Z',
    });
    const credentials = await registrationCredentials(hub.context, id);
    expect(credentials).toEqual({
      clientId: registration.clientId,
      tenantId: registration.tenantId,
      credential: { kind: 'secret', secret: secret?.secretText },
      redirectUri: 'http://localhost:4480/oauth/callback',
    });
  });

  it('leaves no secret and no token where they don’t belong', async () => {
    const registration = await register();
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    const secret = hub.microsoft.directory.applications[0]?.passwordCredentials[0]?.secretText ?? '-';
    const everything = JSON.stringify([registration, row, hub.logLines]);
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(administratorToken);
    expect(row.sealed_administrator_token).toBeNull();
    expect(row.sealed_sign_in_link).toBeNull();
  });

  it('waits for Entra ID to replicate and counts the tries', async () => {
    hub.microsoft.faults(
      'POST /servicePrincipals',
      {
        answer: graphError(400, 'Request_BadRequest', 'Not a valid application object.', [
          { code: 'NoBackingApplicationObject' },
        ]),
      },
      { answer: graphError(403, 'Authorization_RequestDenied', 'It must be in the local tenant.') },
    );
    hub.microsoft.faults('POST /applications/{id}/addPassword', {
      answer: graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.'),
    });
    hub.microsoft.entra.tokenAnswers.push(
      entraError(401, 'invalid_client', 7000215),
      entraError(400, 'unauthorized_client', 700016),
    );
    const registration = await register();
    expect(registration.state).toBe('ready');
    expect(stepOf(registration, 'service_principal')).toMatchObject({ attempts: 3, durationMs: 15_000 });
    expect(stepOf(registration, 'client_secret')?.attempts).toBe(2);
    expect(stepOf(registration, 'proof')?.attempts).toBe(3);
    expect(hub.waits).toEqual([5000, 10_000, 5000, 5000, 10_000]);
  });

  it('pauses as long as a throttling Graph asks', async () => {
    hub.microsoft.faults('GET /organization', {
      answer: { ...graphError(429, 'TooManyRequests', 'Slow down.'), headers: { 'retry-after': '17' } },
    });
    const registration = await register();
    expect(registration.state).toBe('ready');
    expect(hub.waits).toEqual([10_000, 7000]);
  });

  it.each([true, false])(
    'makes one application when the answer is cut off (after it took effect: %s)',
    async (takesEffect) => {
      hub.microsoft.faults('POST /applications', { cutOff: true, takesEffect });
      const registration = await register();
      expect(registration.state).toBe('ready');
      expect(hub.microsoft.directory.applications).toHaveLength(1);
      expect(registration.clientId).toBe(hub.microsoft.directory.applications[0]?.appId);
    },
  );

  it('leaves no orphan when the answers with grant, service principal and secret are cut off', async () => {
    const fault = { cutOff: true, takesEffect: true } as const;
    hub.microsoft.faults('POST /servicePrincipals', fault);
    hub.microsoft.faults('POST /oauth2PermissionGrants', fault);
    hub.microsoft.faults('POST /applications/{id}/addPassword', fault);
    const registration = await register();
    const { applications, grants, servicePrincipals } = hub.microsoft.directory;
    expect(registration.state).toBe('ready');
    expect(grants).toHaveLength(1);
    expect(servicePrincipals).toHaveLength(3);
    expect(applications[0]?.passwordCredentials.map(({ keyId }) => keyId)).toEqual([
      registration.clientSecret?.keyId,
    ]);
  });

  it('removes only its own lost secret, never one that somebody else made', async () => {
    hub.microsoft.faults('POST /applications/{id}/addPassword', { cutOff: true, takesEffect: true });
    hub.onWait = async () => {
      hub.microsoft.directory.applications[0]?.passwordCredentials.push(
        { keyId: 'by-hand', displayName: 'By hand', secretText: 'x', endDateTime: '2027-05-01T00:00:00Z' },
        {
          keyId: 'of-another',
          displayName: 'Latchkey 1',
          secretText: 'y',
          endDateTime: '2027-05-01T00:00:00Z',
        },
      );
    };
    const { state, clientSecret } = await register();
    expect(state).toBe('ready');
    expect(hub.microsoft.count('POST /applications/{id}/removePassword')).toBe(1);
    const kept = hub.microsoft.directory.applications[0]?.passwordCredentials.map(({ keyId }) => keyId);
    expect(kept).toEqual(['by-hand', 'of-another', clientSecret?.keyId]);
  });

  it('is not proven by a token of another application', async () => {
    hub.microsoft.entra.tokenAnswers.push(tokenOf('99999999-0000-4000-8000-000000000009'));
    const failed = await register();
    expect(failed).toMatchObject({
      state: 'failed',
      failure: {
        code: 'token_endpoint_nonsense',
        detail: expect.stringContaining('for the application 99999999-0000-4000-8000-000000000009, not for'),
      },
    });
    expect(stepOf(failed, 'proof')?.state).toBe('failed');
  });

  it('is proven by a token that says nothing of its application', async () => {
    hub.microsoft.entra.tokenAnswers.push(tokenOf(null));
    expect((await register()).state).toBe('ready');
  });

  it('adds to a grant that somebody made meanwhile', async () => {
    hub.microsoft.faults('GET /oauth2PermissionGrants', {
      answer: graphError(400, 'Request_BadRequest', 'Not now.'),
    });
    const failed = await register();
    hub.microsoft.directory.grants.push({
      id: 'grant-99',
      clientId: failed.servicePrincipalId ?? '',
      consentType: 'AllPrincipals',
      resourceId: dynamicsServicePrincipalId,
      scope: 'mcp.tools',
    });
    await hub.call('POST', `/registrations/${failed.id}/retry`);
    await hub.context.background.idle();
    expect((await hub.show(failed.id)).state).toBe('ready');
    expect(hub.microsoft.directory.grants).toMatchObject([{ scope: 'mcp.tools user_impersonation' }]);
  });

  it('says who must act when the person has no rights, and goes on with another one’s sign-in', async () => {
    hub.microsoft.faults('POST /applications', {
      answer: graphError(
        403,
        'Authorization_RequestDenied',
        'Insufficient privileges to complete the operation.',
      ),
    });
    const refused = await register();
    expect(refused.state).toBe('failed');
    expect(refused.failure).toMatchObject({
      code: 'graph_refused',
      whoActs: 'administrator',
      remedy: expect.stringContaining('Cloud Application Administrator'),
      remote: {
        system: 'graph',
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
        traceId: 'r-1',
        correlationId: 'c-1',
      },
    });
    expect(stepOf(refused, 'application')?.state).toBe('failed');
    expect(hub.waits).toEqual([]);

    const waiting = await hub.call('POST', `/registrations/${refused.id}/retry`);
    expect(waiting).toMatchObject({ state: 'awaiting_sign_in', signIn: { kind: 'browser' } });
    const ready = await hub.signIn(refused.id);
    expect(ready.state).toBe('ready');
    expect(stepOf(ready, 'application')?.attempts).toBe(2);
    expect(hub.microsoft.count('GET /me')).toBe(1);
  });

  it('keeps the sign-in for a retry while it lives, and goes on from the step that failed', async () => {
    const down = { answer: graphError(503, 'serviceNotAvailable', 'Service not available.') };
    hub.microsoft.faults('POST /oauth2PermissionGrants', down, down, down, down, down);
    const failed = await register();
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'graph_unavailable', whoActs: 'nobody' },
    });
    expect(stepOf(failed, 'consent')?.attempts).toBe(5);

    const answer = await hub.call('POST', `/registrations/${failed.id}/retry`);
    expect(answer.state).toBe('running');
    await hub.context.background.idle();
    expect((await hub.show(failed.id)).state).toBe('ready');
    expect(hub.microsoft.count('POST /applications')).toBe(1);
  });

  it('asks for a new sign-in once the token has ended', async () => {
    hub.microsoft.faults('POST /oauth2PermissionGrants', {
      answer: graphError(400, 'Request_BadRequest', 'Invalid value.'),
    });
    const failed = await register();
    expect(failed.failure).toMatchObject({ code: 'graph_refused', detail: 'Invalid value.' });
    hub.clock.advance(3_600_000);
    expect((await hub.call('POST', `/registrations/${failed.id}/retry`)).state).toBe('awaiting_sign_in');
  });

  it.each([
    ['asks for a new sign-in', 59, 'awaiting_sign_in'],
    ['asks for a new sign-in', 60, 'awaiting_sign_in'],
    ['goes on', 61, 'running'],
  ])('%s when %i s of the last one are left', async (_case, secondsLeft, state) => {
    hub.microsoft.faults('POST /oauth2PermissionGrants', {
      answer: graphError(400, 'Request_BadRequest', 'Invalid value.'),
    });
    const { id } = await register();
    hub.clock.advance((3600 - secondsLeft) * 1000);
    expect((await hub.call('POST', `/registrations/${id}/retry`)).state).toBe(state);
    await hub.context.background.idle();
  });

  it('asks for a new sign-in when the last one has too little left in the middle of the steps', async () => {
    hub.microsoft.faults('POST /servicePrincipals', {
      answer: graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.'),
    });
    hub.onWait = async () => hub.clock.advance(3_540_000 - 5000);
    const failed = await register();
    expect(failed.failure?.code).toBe('administrator_sign_in_ended');
    expect(stepOf(failed, 'service_principal')?.state).toBe('failed');
    expect(hub.microsoft.count('POST /servicePrincipals')).toBe(1);
  });

  it('wipes a token that Graph does not accept any more', async () => {
    hub.microsoft.faults('GET /me', {
      answer: graphError(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'),
    });
    const failed = await register();
    expect(failed.failure).toMatchObject({
      code: 'graph_refused',
      remedy: expect.stringContaining('Sign in again'),
    });
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    expect(row.sealed_administrator_token).toBeNull();
  });

  it('says so when the tenant has no Dynamics 365', async () => {
    hub.microsoft.directory.servicePrincipals.length = 0;
    hub.microsoft.faults('POST /servicePrincipals', {
      answer: graphError(
        400,
        'Request_BadRequest',
        'The appId does not reference a valid application object.',
      ),
    });
    const failed = await register();
    expect(failed.failure).toMatchObject({
      code: 'dynamics_not_in_tenant',
      remote: { message: 'The appId does not reference a valid application object.' },
    });
    expect(hub.microsoft.directory.applications).toEqual([]);
  });

  it('fails with Microsoft’s words when the secret stays unknown', async () => {
    hub.microsoft.entra.tokenAnswers.push(
      ...Array.from({ length: 5 }, () =>
        entraError(401, 'invalid_client', 7000215, 'Invalid client secret.'),
      ),
    );
    const failed = await register();
    expect(failed.failure).toMatchObject({
      code: 'client_secret_wrong',
      remote: { code: 'AADSTS7000215', message: 'AADSTS7000215: Invalid client secret.' },
    });
    expect(hub.waits.reduce((sum, wait) => sum + wait, 0)).toBe(60_000);
  });
});
