import type { Connection, Problem, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../errors/hub-error.ts';
import { recordFailure } from '../../evidence/record-evidence.ts';
import { millisecondsPerDay, millisecondsPerMinute } from '../../ground/durations.ts';
import { testEngines } from '../../testing/test-database.ts';
import { readTokenState } from '../../tokens/read-token-state.ts';
import { connectionSecretPlace } from '../../tokens/resolve-token-client.ts';
import { nextUpkeepAt } from '../../tokens/schedule-upkeep.ts';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import { insertConnection } from '../testing/insert-connection.ts';
import { keepUpNow } from '../testing/keep-up-until.ts';
import { entraError } from '../testing/scripted-entra.ts';
import { upkeepEvents } from '../testing/upkeep-events.ts';

const day = millisecondsPerDay;
const tokenRoute = 'POST /{id}/oauth2/v2.0/token';

describe.each(testEngines)('a client secret that has ended, on %s', (engine) => {
  let hub: RegistrationHub;
  let ready: Registration;
  let ids: string[];

  beforeEach(async () => {
    hub = await createRegistrationHub({ engine });
    ready = await hub.signIn((await hub.begin({ secretLifetimeDays: 100 })).id);
    const tenant = { tenant_id: ready.tenantId, client_id: ready.clientId ?? '' };
    ids = [];
    for (let made = 0; made < 4; made += 1) {
      ids.push(await insertConnection(hub, { registration_id: ready.id, ...tenant }));
    }
  });
  afterEach(() => hub.close());

  const token = (id: string) => hub.call<Problem>('GET', `/connections/${id}/token`);
  const status = async (id: string) => (await hub.call<Connection>('GET', `/connections/${id}`)).status;
  const kinds = () => upkeepEvents(hub);

  it('is one alarm of the registration, and one request, whatever the number of connections (lesson 4)', async () => {
    hub.clock.advance(101 * day);
    const asked = hub.microsoft.count(tokenRoute);
    for (const id of ids) expect(await token(id)).toMatchObject({ code: 'client_secret_expired' });
    expect(hub.microsoft.count(tokenRoute)).toBe(asked + 1);
    expect(await kinds()).toEqual(['secret_refused']);
    const shown = await hub.show(ready.id);
    expect(shown).toMatchObject({
      state: 'ready',
      alarm: { code: 'client_secret_expired', whoActs: 'administrator' },
      alarmSince: new Date(hub.clock.now()).toISOString(),
    });
    for (const id of ids) {
      const { state, failure } = await status(id);
      expect([state, failure]).toEqual(['blocked', shown.alarm]);
    }
    expect(shown.alarm?.detail).toContain('"Latchkey"');
  });

  it('is one alarm though many connections are refused at the same moment', async () => {
    hub.clock.advance(101 * day);
    const answers = await Promise.all(ids.map(token));
    expect(answers.map(({ code }) => code)).toEqual(Array(4).fill('client_secret_expired'));
    expect(await kinds()).toEqual(['secret_refused']);
  });

  it('is noticed by whoever looks after the registration, before any connection is used', async () => {
    hub.clock.advance(101 * day);
    await keepUpNow(hub, ready.id);
    expect((await status(ids[0] ?? '')).failure).toMatchObject({ code: 'client_secret_expired' });
    expect((await kinds()).toSorted()).toEqual(['secret_end_warning', 'secret_refused']);
    const asked = hub.microsoft.count(tokenRoute);
    await token(ids[0] ?? '');
    expect(hub.microsoft.count(tokenRoute)).toBe(asked);
  });

  it('is over for all connections with another secret, at once', async () => {
    hub.clock.advance(101 * day);
    await token(ids[0] ?? '');
    const endDateTime = '2031-01-01T00:00:00Z';
    const fresh = { keyId: 'fresh', displayName: 'by hand', secretText: 'Fresh~Secret', endDateTime };
    hub.microsoft.directory.applications[0]?.passwordCredentials.push(fresh);
    await hub.call('PATCH', `/registrations/${ready.id}`, { clientSecret: 'Fresh~Secret' });
    expect(await hub.show(ready.id)).toMatchObject({ alarm: null, alarmSince: null });
    for (const id of ids) {
      expect((await status(id)).failure).toBeNull();
      expect(await token(id)).toMatchObject({ tokenType: 'Bearer' });
    }
  });

  it('is no matter of consent, for which a connection shows the link (lesson 14)', async () => {
    const [id = ''] = ids;
    const shown = () => hub.call<Connection>('GET', `/connections/${id}`);
    expect((await shown()).adminConsentUrl).toBeNull();
    await recordFailure(hub.context, id, new HubError('consent_required'));
    const url = new URL((await shown()).adminConsentUrl ?? '');
    expect(url.pathname).toBe(`/${ready.tenantId}/v2.0/adminconsent`);
    expect(url.searchParams.get('scope')).toBe('https://contoso.crm4.dynamics.com/user_impersonation');
  });

  it('leaves the keeper nothing to do for its connections, and work for all of them when it is over', async () => {
    const { db } = hub.context.store;
    const dueOf = async (kind: string) =>
      (await db.selectFrom('due_work').select('subject_id').where('kind', '=', kind).execute()).length;
    hub.clock.advance(101 * day);
    await token(ids[0] ?? '');
    for (const id of ids) {
      const state = await readTokenState(hub.context, id);
      expect(nextUpkeepAt(hub.context, state)).toBeNull();
    }
    await db.deleteFrom('due_work').where('kind', '=', 'connection').execute();
    const endDateTime = '2031-01-01T00:00:00Z';
    const fresh = { keyId: 'fresh', displayName: 'by hand', secretText: 'Fresh~Secret', endDateTime };
    hub.microsoft.directory.applications[0]?.passwordCredentials.push(fresh);
    await hub.call('PATCH', `/registrations/${ready.id}`, { clientSecret: 'Fresh~Secret' });
    expect(await dueOf('connection')).toBe(ids.length);
  });

  it('is over when Microsoft accepts it after all, which is looked into at once', async () => {
    await keepUpNow(hub, ready.id);
    hub.clock.advance(1);
    hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', 7000215));
    expect(await token(ids[0] ?? '')).toMatchObject({ code: 'client_secret_wrong' });
    expect((await hub.show(ready.id)).alarm).toMatchObject({ code: 'client_secret_wrong' });
    hub.clock.advance(1);
    await keepUpNow(hub, ready.id);
    expect((await hub.show(ready.id)).alarm).toBeNull();
    expect(await token(ids[1] ?? '')).toMatchObject({ tokenType: 'Bearer' });
    expect(await kinds()).toEqual(['secret_refused', 'secret_accepted']);
  });

  it('is not rotated by the application, which can’t ask for another one with it', async () => {
    hub.clock.advance(101 * day);
    await token(ids[0] ?? '');
    const rotate = await hub.call<Problem>('POST', `/registrations/${ready.id}/rotate`);
    expect(rotate).toMatchObject({ status: 403, code: 'rotation_not_permitted' });
  });

  it('leaves alone a connection with a secret of its own', async () => {
    const own = await insertConnection(hub, { registration_id: ready.id, sealed_client_secret: 'sealed' });
    hub.clock.advance(101 * day);
    await token(ids[0] ?? '');
    expect((await status(own)).failure).toBeNull();
  });

  it('is not raised by a connection whose own secret is refused', async () => {
    const [own = '', other = ''] = ids;
    // One that Microsoft took once.
    const sealed = hub.context.vault.seal('Wrong~Own', connectionSecretPlace(own));
    await hub.context.store.db
      .updateTable('connections')
      .set({ sealed_client_secret: sealed })
      .where('id', '=', own)
      .execute();
    expect(await token(own)).toMatchObject({ code: 'client_secret_wrong' });
    expect((await status(own)).failure).toMatchObject({ code: 'client_secret_wrong' });
    expect((await hub.show(ready.id)).alarm).toBeNull();
    expect(await token(other)).toMatchObject({ tokenType: 'Bearer' });
  });

  it('is not rotated while it is refused, though the application might: nobody can ask for it', async () => {
    const application = hub.microsoft.directory.applications[0];
    if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
    await keepUpNow(hub, ready.id);
    hub.clock.advance(101 * day);
    await keepUpNow(hub, ready.id);
    expect((await hub.show(ready.id)).rotation).toMatchObject({ state: 'idle', dueAt: null, failure: null });
    expect(await kinds()).not.toContain('rotation_failed');
  });

  it('is no matter of a platform’s identity, whose refusal each connection tells itself', async () => {
    await hub.context.store.db
      .updateTable('registrations')
      .set({ credential_kind: 'federated', sealed_client_secret: null })
      .execute();
    hub.context.workloadIdentity = {
      kind: 'file',
      readToken: () => Promise.resolve('a.b.c'),
      close: () => Promise.resolve(),
    };
    hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', 700027));
    const [id = ''] = ids;
    expect(await token(id)).toMatchObject({ code: 'client_certificate_refused' });
    expect(await status(id)).toMatchObject({
      state: 'blocked',
      failure: { code: 'client_certificate_refused' },
    });
  });

  it('says nothing of a secret that was replaced while the refusal was on its way', async () => {
    const endDateTime = '2031-01-01T00:00:00Z';
    const fresh = { keyId: 'fresh', displayName: 'by hand', secretText: 'Fresh~Secret', endDateTime };
    hub.microsoft.directory.applications[0]?.passwordCredentials.push(fresh);
    hub.clock.advance(101 * day);
    hub.microsoft.faults(tokenRoute, {
      meanwhile: () => hub.call('PATCH', `/registrations/${ready.id}`, { clientSecret: 'Fresh~Secret' }),
    });
    expect(await token(ids[0] ?? '')).toMatchObject({ tokenType: 'Bearer' });
    expect((await hub.show(ready.id)).alarm).toBeNull();
    expect(await kinds()).toEqual(['secret_changed']);
  });

  it('is told ahead at 30, 14, 7 and 1 days, once each', async () => {
    for (let days = 0; days < 99; days += 3) {
      hub.clock.advance(3 * day);
      await keepUpNow(hub, ready.id);
      await keepUpNow(hub, ready.id);
    }
    hub.clock.advance(0.5 * day);
    await keepUpNow(hub, ready.id);
    expect(await kinds()).toEqual(Array(4).fill('secret_end_warning'));
    const { clientSecret } = await hub.show(ready.id);
    expect(clientSecret).toMatchObject({ daysLeft: 0, warning: 'within_1_day' });
  });

  it('goes on by the secret before it while some servers don’t know a new one yet', async () => {
    const application = hub.microsoft.directory.applications[0];
    if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
    await keepUpNow(hub, ready.id);
    await hub.call('POST', `/registrations/${ready.id}/rotate`);
    await keepUpNow(hub, ready.id);
    expect((await hub.show(ready.id)).rotation.state).toBe('retiring');
    hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', 7000215));
    expect(await token(ids[0] ?? '')).toMatchObject({ tokenType: 'Bearer' });
    expect((await hub.show(ready.id)).alarm).toBeNull();
  });

  it('raises no alarm when a check meets a server that does not know the new one yet', async () => {
    const application = hub.microsoft.directory.applications[0];
    if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
    await keepUpNow(hub, ready.id);
    await hub.call('POST', `/registrations/${ready.id}/rotate`);
    await keepUpNow(hub, ready.id);
    hub.clock.advance(10 * millisecondsPerMinute);
    hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', 7000215));
    await hub.call('POST', `/registrations/${ready.id}/check`);
    expect((await hub.show(ready.id)).alarm).toBeNull();
  });
});
