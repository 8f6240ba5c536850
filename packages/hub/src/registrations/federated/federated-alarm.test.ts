import type { Connection, HubEvent, Page, Problem, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../errors/hub-error.ts';
import { raiseSecretAlarm } from '../../evidence/secret-alarm.ts';
import { millisecondsPerDay, millisecondsPerHour } from '../../ground/durations.ts';
import type { RegistrationHub } from '../testing/create-registration-hub.ts';
import {
  applicationOf,
  createPlatformHub,
  makeRotating,
  putPlatformToken,
} from '../testing/credentials-in-entra.ts';
import { insertConnection } from '../testing/insert-connection.ts';
import { keepUpUntil } from '../testing/keep-up-until.ts';
import { entraError } from '../testing/scripted-entra.ts';

describe('a registration without any secret', () => {
  let hub: RegistrationHub & { file: string };
  let made: Registration;

  beforeEach(async () => {
    hub = await createPlatformHub();
    made = await makeRotating(hub, 'federated');
  });
  afterEach(() => hub.close());

  const keepUp = (during: number) => keepUpUntil(hub, made.id, hub.clock.now() + during);
  const connect = (tenantId = made.tenantId) =>
    insertConnection(hub, {
      registration_id: made.id,
      client_id: made.clientId ?? '',
      tenant_id: tenantId,
      environment_url: hub.microsoft.origin,
    });
  const tokenOf = async (id: string) =>
    (await hub.inject({ url: `/api/v1/connections/${id}/token` })).json<Problem>();
  const statusOf = async (id: string) => (await hub.call<Connection>('GET', `/connections/${id}`)).status;
  const refusals = async () =>
    (await hub.call<Page<HubEvent>>('GET', `/registrations/${made.id}/events?kind=secret_refused`)).items;
  const tokenRequests = () => hub.microsoft.calls.filter(({ route }) => route.endsWith('/token')).length;

  it('is one alarm when its identity is refused, and its connections say so together (lesson 4)', async () => {
    const connections = [await connect(), await connect(), await connect()];
    hub.clock.advance(millisecondsPerHour);
    putPlatformToken(hub.file, { subject: 'system:serviceaccount:other:hub' });
    const before = tokenRequests();
    const answers = [await tokenOf(connections[0] ?? '')];
    for (const id of connections.slice(1)) answers.push(await tokenOf(id));
    expect(answers.map(({ code }) => code)).toEqual(Array(3).fill('federated_credential_refused'));
    expect(tokenRequests() - before).toBe(1);
    const { alarm } = await hub.show(made.id);
    expect(alarm).toMatchObject({
      code: 'federated_credential_refused',
      whoActs: 'administrator',
      detail: expect.stringContaining('It is the federated credential of the registration "Latchkey".'),
      remedy: expect.stringContaining('Compare issuer, subject and audience'),
      remote: { code: 'AADSTS700213' },
    });
    for (const id of connections)
      expect(await statusOf(id)).toMatchObject({ state: 'blocked', failure: alarm });
    expect(await refusals()).toHaveLength(1);

    putPlatformToken(hub.file);
    await keepUp(2 * millisecondsPerHour);
    expect((await hub.show(made.id)).alarm).toBeNull();
    for (const id of connections) expect((await statusOf(id)).failure).toBeNull();
    const accepted = await hub.call<Page<HubEvent>>(
      'GET',
      `/registrations/${made.id}/events?kind=secret_accepted`,
    );
    expect(accepted.items[0]?.summary).toContain('accepts the federated credential again');
  });

  it.each([70021, 700211, 700212, 700213, 7002138, 501661, 700016])(
    'is the same alarm when a check meets AADSTS%d',
    async (code) => {
      hub.clock.advance(millisecondsPerDay);
      hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', code));
      await keepUp(0);
      expect((await hub.show(made.id)).alarm).toMatchObject({ remote: { code: `AADSTS${code}` } });
      expect(await refusals()).toHaveLength(1);
    },
  );

  it('is alarmed by a connection when its tenant has no such application any more, and by no other tenant', async () => {
    const elsewhere = await connect('bbbbcccc-0000-4000-8000-000000000002');
    hub.microsoft.entra.tokenAnswers.push(entraError(400, 'unauthorized_client', 700016));
    expect((await tokenOf(elsewhere)).code).toBe('token_request_refused');
    expect((await hub.show(made.id)).alarm).toBeNull();
    hub.microsoft.entra.tokenAnswers.push(entraError(400, 'unauthorized_client', 700016));
    expect((await tokenOf(await connect())).code).toBe('token_request_refused');
    expect((await hub.show(made.id)).alarm).toMatchObject({
      detail: expect.stringContaining('It is the application of the registration "Latchkey".'),
      remedy: expect.stringContaining('Deleted applications'),
    });
  });

  it('is not alarmed by what was refused before the application came to trust another identity', async () => {
    const id = await connect();
    putPlatformToken(hub.file, { subject: 'somebody else' });
    hub.microsoft.faults('POST /{id}/oauth2/v2.0/token', {
      meanwhile: async () => {
        const { db } = hub.context.store;
        await db.updateTable('registrations').set({ federated_identity: '{"issuer":"another"}' }).execute();
        putPlatformToken(hub.file);
      },
    });
    await tokenOf(id);
    expect((await hub.show(made.id)).alarm).toBeNull();
  });

  it('is not alarmed by the refusal of another credential than is stored', async () => {
    const refused = { id: made.id, credential: '{"issuer":"of before"}' };
    const failure = new HubError('federated_credential_refused');
    await raiseSecretAlarm(hub.context.store.db, hub.context, refused, failure);
    expect((await hub.show(made.id)).alarm).toBeNull();
  });

  it('is set right by an administrator when the platform names the hub otherwise', async () => {
    putPlatformToken(hub.file, { subject: 'system:serviceaccount:moved:hub' });
    await keepUp(2 * millisecondsPerDay);
    expect((await hub.show(made.id)).alarm).toMatchObject({ code: 'federated_credential_refused' });
    const byBrowser = { administratorSignIn: 'browser', credential: 'federated' };
    await hub.call('POST', `/registrations/${made.id}/rotate`, byBrowser);
    expect(await hub.signIn(made.id)).toMatchObject({
      alarm: null,
      federatedIdentity: { subject: 'system:serviceaccount:moved:hub' },
    });
    await keepUp(2 * millisecondsPerDay);
    expect(applicationOf(hub).federated?.map(({ subject }) => subject)).toEqual([
      'system:serviceaccount:moved:hub',
    ]);
  });

  it('is chosen only on a hub that has an identity', async () => {
    const { id } = await makeRotating(hub, 'secret');
    hub.context.workloadIdentity = null;
    for (const body of [{}, { administratorSignIn: 'browser' }]) {
      const refused = await hub.call<Problem>('POST', `/registrations/${id}/rotate`, {
        ...body,
        credential: 'federated',
      });
      expect(refused).toMatchObject({ code: 'invalid_body', errors: [{ path: 'credential' }] });
    }
  });
});
