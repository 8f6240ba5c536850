import type { Connection, HubEvent, Page, Problem, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../errors/hub-error.ts';
import { recordFailure } from '../../evidence/record-evidence.ts';
import { millisecondsPerDay } from '../../ground/durations.ts';
import { testEngines } from '../../testing/test-database.ts';
import type { ClientCredential } from '../../token-endpoint/client-credential.ts';
import { registrationCredentials } from '../../tokens/registration-credentials.ts';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import {
  applicationOf,
  countInEntra,
  makeByHand,
  makeRotating,
  only,
} from '../testing/credentials-in-entra.ts';
import { insertConnection } from '../testing/insert-connection.ts';
import { keepUpNow, keepUpUntil } from '../testing/keep-up-until.ts';
import { entraError } from '../testing/scripted-entra.ts';
import { upkeepEvents } from '../testing/upkeep-events.ts';

const clientSecret = 'Fresh~Secret';

function secretOf(credential: ClientCredential): string | null {
  return credential.kind === 'secret' ? credential.secret : null;
}

describe.each(testEngines)('the client secret of a registration that is ready, on %s', (engine) => {
  let hub: RegistrationHub;
  let ready: Registration;

  beforeEach(async () => {
    hub = await createRegistrationHub({ engine });
    ready = await hub.signIn((await hub.begin()).id);
  });
  afterEach(() => hub.close());

  function addSecret(secretText = clientSecret) {
    const endDateTime = '2028-05-01T00:00:00Z';
    const secret = { keyId: 'by-hand', displayName: 'by hand', secretText, endDateTime };
    hub.microsoft.directory.applications[0]?.passwordCredentials.push(secret);
  }
  const replace = <T = Registration>(body: object = { clientSecret }) =>
    hub.call<T>('PATCH', `/registrations/${ready.id}`, body);
  const stored = async () => secretOf((await registrationCredentials(hub.context, ready.id)).credential);
  const fail = (id: string, code: 'client_secret_expired' | 'client_secret_wrong' | 'crm_refused') =>
    recordFailure(hub.context, id, new HubError(code));
  const failureOf = async (id: string) =>
    (await hub.call<Connection>('GET', `/connections/${id}`)).status.failure?.code;

  it('is replaced once Microsoft has issued a token for it (lesson 4)', async () => {
    addSecret();
    const changed = await replace({ clientSecret, clientSecretEndsAt: '2028-05-01' });
    expect(changed).toMatchObject({
      state: 'ready',
      clientSecret: { keyId: null, hint: 'Fre', endsAt: '2028-05-01T00:00:00.000Z' },
    });
    expect(await stored()).toBe(clientSecret);
    expect(JSON.stringify([changed, hub.logLines])).not.toContain(clientSecret);
  });

  it('stays when Microsoft refuses the new one, and says why', async () => {
    const before = await stored();
    expect(await replace<Problem>()).toMatchObject({
      status: 409,
      code: 'client_secret_wrong',
      remote: { code: 'AADSTS7000215' },
    });
    expect(await stored()).toBe(before);
    expect(await hub.show(ready.id)).toEqual(ready);
  });

  it('has no end that is known when none is given, and one that is corrected later', async () => {
    addSecret();
    expect((await replace()).clientSecret?.endsAt).toBeNull();
    const corrected = await replace({ clientSecretEndsAt: '2028-05-01T00:00:00+02:00' });
    expect(corrected.clientSecret?.endsAt).toBe('2028-04-30T22:00:00.000Z');
    expect(await stored()).toBe(clientSecret);
  });

  it('ends with it what the old one did to its connections, and nothing else (lesson 12)', async () => {
    const ended = await insertConnection(hub, { registration_id: ready.id });
    const wrong = await insertConnection(hub, { registration_id: ready.id });
    const refused = await insertConnection(hub, { registration_id: ready.id });
    const ownSecret = await insertConnection(hub, {
      registration_id: ready.id,
      sealed_client_secret: 'sealed',
    });
    const other = await insertConnection(hub, { registration_id: null });
    await fail(ended, 'client_secret_expired');
    await fail(wrong, 'client_secret_wrong');
    await fail(refused, 'crm_refused');
    await fail(ownSecret, 'client_secret_expired');
    await fail(other, 'client_secret_expired');
    const ownCertificate = await insertConnection(hub, {
      registration_id: ready.id,
      sealed_private_key: 'sealed',
    });
    await recordFailure(hub.context, ownCertificate, new HubError('client_certificate_refused'));
    addSecret();
    await replace();
    expect(
      await Promise.all([ended, wrong, refused, ownSecret, ownCertificate, other].map(failureOf)),
    ).toEqual([
      undefined,
      undefined,
      'crm_refused',
      'client_secret_expired',
      'client_certificate_refused',
      'client_secret_expired',
    ]);
  });

  it('is not replaced when the registration was changed while the new one was proven', async () => {
    addSecret();
    hub.microsoft.faults('POST /{id}/oauth2/v2.0/token', {
      meanwhile: () => hub.call('PATCH', `/registrations/${ready.id}`, { name: 'Renamed meanwhile' }),
    });
    expect(await replace<Problem>()).toMatchObject({ status: 409, code: 'registration_busy' });
    expect(await stored()).not.toBe(clientSecret);
  });

  it('can be given to an adopted one whose own was refused, which is ready then', async () => {
    const application = hub.microsoft.directory.applications[0];
    hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', 7000222));
    const adopted = await hub.call('POST', '/registrations', {
      kind: 'adopted',
      name: 'Old app',
      tenantId: 'contoso.onmicrosoft.com',
      clientId: application?.appId,
      clientSecret: 'ended',
    });
    expect(adopted.state).toBe('failed');
    addSecret();
    const mended = await hub.call('PATCH', `/registrations/${adopted.id}`, { clientSecret });
    expect(mended).toMatchObject({ state: 'ready', failure: null });
    expect(mended.steps.at(-1)).toMatchObject({ name: 'proof', state: 'done' });
  });

  it('can’t be given to one that has no application yet', async () => {
    const { id } = await hub.begin();
    expect(await hub.call<Problem>('PATCH', `/registrations/${id}`, { clientSecret })).toMatchObject({
      status: 409,
      code: 'registration_state_conflict',
    });
    expect(hub.microsoft.calls.some(({ body }) => body.client_secret === clientSecret)).toBe(false);
  });
});

describe('a certificate with its private key', () => {
  let hub: RegistrationHub;
  let ready: Registration;

  beforeEach(async () => {
    hub = await createRegistrationHub();
    ready = await makeRotating(hub, 'secret');
  });
  afterEach(() => hub.close());

  const put = <T = Registration>(body: object) => hub.call<T>('PATCH', `/registrations/${ready.id}`, body);

  it('takes a secret’s place once Microsoft has issued a token for it, and its end is watched', async () => {
    const given = await makeByHand(hub, 'certificate');
    const changed = await put(given);
    expect(changed).toMatchObject({
      credential: 'certificate',
      clientSecret: null,
      certificate: { keyId: null, daysLeft: 365, warning: 'none' },
    });
    expect(JSON.stringify([changed, hub.logLines])).not.toContain('PRIVATE KEY');
    const told = await hub.call<Page<HubEvent>>(
      'GET',
      `/registrations/${ready.id}/events?kind=secret_changed`,
    );
    expect(told.items).toMatchObject([
      {
        summary: 'Another certificate was given, and Microsoft has issued a token for it.',
        facts: { by: expect.stringMatching(/^api_key:/) },
      },
    ]);
    await put({ rotation: { policy: 'by_hand' } });
    hub.clock.advance(351 * millisecondsPerDay);
    await keepUpNow(hub, ready.id);
    // A check has found it by its thumbprint.
    expect((await hub.show(ready.id)).certificate).toMatchObject({
      keyId: 'key-by-hand',
      warning: 'within_14_days',
    });
    expect((await upkeepEvents(hub)).filter((kind) => kind === 'secret_end_warning')).toHaveLength(1);
  });

  it('that is not in the application is refused, and the secret stays', async () => {
    const given = await makeByHand(hub, 'certificate');
    applicationOf(hub).keyCredentials = [];
    expect(await put<Problem>(given)).toMatchObject({ status: 409, code: 'client_certificate_refused' });
    expect(await hub.show(ready.id)).toEqual(ready);
  });

  it.each([
    ['a secret', { clientSecret: 'Fresh~Secret' }, 'clientSecret'],
    ['an end', { clientSecretEndsAt: '2031-01-01' }, 'clientSecretEndsAt'],
  ])('is not taken beside %s', async (_case, beside, path) => {
    const given = await makeByHand(hub, 'certificate');
    expect(await put<Problem>({ ...given, ...beside })).toMatchObject({
      code: 'invalid_body',
      errors: [{ path }],
    });
  });

  it('that is none is said at its field, and nobody is asked', async () => {
    const before = hub.microsoft.calls.length;
    const refused = await put<Problem>({
      clientCertificate: '-----BEGIN PRIVATE KEY-----no-----END PRIVATE KEY-----',
    });
    expect(refused).toMatchObject({ code: 'invalid_body', errors: [{ path: 'clientCertificate' }] });
    expect(hub.microsoft.calls.length).toBe(before);
  });

  it('that was uploaded under a name of the hub’s is not taken for one of its own', async () => {
    const given = await makeByHand(hub, 'certificate');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was put there
    const keys = applicationOf(hub).keyCredentials as { displayName: string }[];
    for (const key of keys) key.displayName = `Latchkey ${ready.id}`;
    // Nobody tells the hub which it is.
    applicationOf(hub).roles = [];
    await put(given);
    await keepUpUntil(hub, ready.id, hub.clock.now() + 2 * millisecondsPerDay);
    expect((await hub.show(ready.id)).rotation.unusedInEntra).toEqual([{ kind: 'secret', keyId: null }]);
    await hub.call('POST', `/registrations/${ready.id}/clean-up`, { administratorSignIn: 'browser' });
    await hub.signIn(ready.id);
    expect(countInEntra(hub)).toBe(only('certificate'));
  });
});
