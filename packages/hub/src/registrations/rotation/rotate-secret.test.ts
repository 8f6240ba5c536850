import type { Problem, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millisecondsPerDay, millisecondsPerHour, millisecondsPerMinute } from '../../ground/durations.ts';
import { damageRow } from '../../testing/damage-row.ts';
import { testEngines } from '../../testing/test-database.ts';
import { registrationCredentials } from '../../tokens/registration-credentials.ts';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import { keepUpNow, keepUpUntil } from '../testing/keep-up-until.ts';
import { entraError } from '../testing/scripted-entra.ts';
import { graphError } from '../testing/scripted-graph.ts';
import { upkeepEvents } from '../testing/upkeep-events.ts';

const day = millisecondsPerDay;
const addPassword = 'POST /applications/{id}/addPassword';
const removePassword = 'POST /applications/{id}/removePassword';

describe.each(testEngines)('a client secret that may be rotated, on %s', (engine) => {
  let hub: RegistrationHub;
  let id: string;
  let first: Registration;

  beforeEach(async () => {
    hub = await createRegistrationHub({ engine });
    ({ id } = await hub.begin({ secretLifetimeDays: 180 }));
    first = await hub.signIn(id);
    const application = hub.microsoft.directory.applications[0];
    if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
  });
  afterEach(() => hub.close());

  /** Every time that it is due. */
  const keepUp = (during: number) => keepUpUntil(hub, id, hub.clock.now() + during);
  /** The same after a time in which nobody looked. */
  async function jump(time: number) {
    hub.clock.advance(time);
    await keepUpNow(hub, id);
  }
  const kept = () =>
    hub.microsoft.directory.applications[0]?.passwordCredentials.map(({ keyId }) => keyId) ?? [];
  const isSecretOfEntra = async () => {
    const { credential } = await registrationCredentials(hub.context, id);
    const known = hub.microsoft.directory.applications[0]?.passwordCredentials ?? [];
    return known.some(({ secretText }) => credential.kind === 'secret' && secretText === credential.secret);
  };
  const events = () => upkeepEvents(hub);

  it('is rotated thirty days before its end, and the old one removed a day later (lesson 4)', async () => {
    await jump(149 * day);
    expect((await hub.show(id)).clientSecret).toMatchObject({
      keyId: first.clientSecret?.keyId,
      daysLeft: 31,
    });
    await jump(day + millisecondsPerHour);
    const rotated = await hub.show(id);
    expect(rotated.clientSecret?.keyId).not.toBe(first.clientSecret?.keyId);
    expect(rotated.clientSecret).toMatchObject({ daysLeft: 180, warning: 'none' });
    expect(rotated.rotation).toMatchObject({
      state: 'retiring',
      mayRotate: true,
      failure: null,
      dueAt: null,
    });
    expect(kept()).toHaveLength(2);
    await jump(day);
    expect(kept()).toEqual([rotated.clientSecret?.keyId]);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'idle', oldSecretUntil: null });
    expect(await events()).toEqual(['secret_end_warning', 'secret_rotated', 'old_secret_removed']);
  });

  it.each(['proving', 'retiring'])(
    'goes on by the present one when another can’t be read while %s',
    async (step) => {
      await jump(0);
      await hub.call('POST', `/registrations/${id}/rotate`);
      // The new one is made first, by a token of the old one's.
      const unknown = entraError(401, 'invalid_client', 7000215);
      const isWaiting = step === 'proving';
      hub.microsoft.faults(addPassword, {
        change: (real) => {
          if (isWaiting) hub.microsoft.entra.tokenAnswers.push(unknown);
          return real;
        },
      });
      await keepUpNow(hub, id);
      expect((await hub.show(id)).rotation.state).toBe(step);
      const column = step === 'proving' ? 'sealed_next_secret' : 'sealed_previous_secret';
      await damageRow(hub, 'registrations', { id }, { [column]: 'v1.a.b' });
      expect(await isSecretOfEntra()).toBe(true);
      await jump(2 * day);
      expect((await hub.show(id)).rotation.state).toBe('idle');
      expect(kept()).toHaveLength(1);
      expect(await isSecretOfEntra()).toBe(true);
    },
  );

  it('is rotated year after year by nobody', async () => {
    for (let months = 0; months < 32; months += 1) await jump(30 * day + millisecondsPerHour);
    expect((await hub.show(id)).alarm).toBeNull();
    expect(await isSecretOfEntra()).toBe(true);
    expect((await events()).filter((kind) => kind === 'secret_rotated')).toHaveLength(6);
    expect(kept().length).toBeLessThanOrEqual(2);
  });

  it('is not rotated by itself where somebody wants it by hand', async () => {
    await hub.call('PATCH', `/registrations/${id}`, { rotation: { policy: 'by_hand' } });
    await jump(179 * day);
    expect(hub.microsoft.count(addPassword)).toBe(1);
    expect((await hub.show(id)).rotation.dueAt).toBeNull();
  });

  it('is rotated as many days before its end as somebody wants', async () => {
    await hub.call('PATCH', `/registrations/${id}`, { rotation: { daysBeforeEnd: 10, graceHours: 0 } });
    await jump(169 * day);
    expect(hub.microsoft.count(addPassword)).toBe(1);
    await jump(day + millisecondsPerHour);
    expect(kept()).toHaveLength(1);
    expect(kept()).not.toContain(first.clientSecret?.keyId);
  });

  it('is not tried again at once after a rotation by itself came to nothing, but some hours later', async () => {
    await keepUpNow(hub, id);
    hub.microsoft.faults(addPassword, {
      answer: graphError(400, 'CredentialTypeNotAllowedAsPerAppPolicy', 'No.'),
    });
    await jump(151 * day);
    expect(hub.microsoft.count(addPassword)).toBe(2);
    const { nextTryAt, dueAt, failure } = (await hub.show(id)).rotation;
    expect(failure).toMatchObject({ code: 'graph_refused' });
    expect([nextTryAt, dueAt]).toEqual(
      Array(2).fill(new Date(hub.clock.now() + 6 * millisecondsPerHour).toISOString()),
    );
    await jump(6 * millisecondsPerHour);
    expect(hub.microsoft.count(addPassword)).toBe(3);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'retiring', failure: null });
  });

  it('is done with when somebody has removed the old one already', async () => {
    await keepUpNow(hub, id);
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUpNow(hub, id);
    const application = hub.microsoft.directory.applications[0];
    application?.passwordCredentials.shift();
    await jump(25 * millisecondsPerHour);
    expect((await hub.show(id)).rotation.state).toBe('idle');
    const told = await hub.context.store.db.selectFrom('events').select(['kind', 'summary']).execute();
    expect(told.find(({ kind }) => kind === 'old_secret_removed')?.summary).toContain('was gone already');
  });

  it('that lives for days only is rotated in the last third of its life, not from its first day on', async () => {
    const short = await hub.signIn((await hub.begin({ secretLifetimeDays: 9 })).id);
    for (const application of hub.microsoft.directory.applications) {
      application.roles = ['Application.ReadWrite.OwnedBy'];
    }
    await keepUpNow(hub, short.id);
    const dueAt = Date.parse((await hub.show(short.id)).rotation.dueAt ?? '');
    expect((Date.parse(short.clientSecret?.endsAt ?? '') - dueAt) / day).toBe(3);
  });

  it('is rotated by hand at once', async () => {
    await keepUpNow(hub, id);
    const begun = await hub.call('POST', `/registrations/${id}/rotate`);
    expect(begun.rotation.state).toBe('adding');
    const again = await hub.call<Problem>('POST', `/registrations/${id}/rotate`);
    expect(again).toMatchObject({ status: 409, code: 'rotation_under_way' });
    await keepUpNow(hub, id);
    expect((await hub.show(id)).rotation.state).toBe('retiring');
    expect(await isSecretOfEntra()).toBe(true);
  });

  it('waits with patience until Microsoft knows the new one', async () => {
    hub.microsoft.directory.replicationMilliseconds = 10 * millisecondsPerMinute;
    await keepUpNow(hub, id);
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUp(9 * millisecondsPerMinute);
    const waiting = await hub.show(id);
    expect(waiting.rotation).toMatchObject({ state: 'proving', failure: { code: 'client_secret_wrong' } });
    expect(waiting.clientSecret?.keyId).toBe(first.clientSecret?.keyId);
    await keepUp(6 * millisecondsPerMinute);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'retiring', failure: null });
    expect(hub.microsoft.count(addPassword)).toBe(2);
  });

  it('is undone when the new one is never known, and tried again later', async () => {
    hub.microsoft.directory.replicationMilliseconds = 400 * day;
    await keepUpNow(hub, id);
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUp(2 * millisecondsPerHour);
    const undone = await hub.show(id);
    expect(undone.rotation).toMatchObject({ state: 'idle', failure: { code: 'client_secret_wrong' } });
    expect(undone.clientSecret?.keyId).toBe(first.clientSecret?.keyId);
    expect(kept()).toEqual([first.clientSecret?.keyId]);
    expect(await events()).toEqual(['rotation_failed']);
  });

  it.each([
    [
      'Graph refuses the new one',
      addPassword,
      graphError(403, 'Authorization_RequestDenied', 'No.'),
      'graph_refused',
    ],
    [
      'a policy forbids secrets',
      addPassword,
      graphError(400, 'CredentialTypeNotAllowedAsPerAppPolicy', 'No.'),
      'graph_refused',
    ],
  ])('keeps the old one when %s', async (_case, route, answer, code) => {
    await keepUpNow(hub, id);
    hub.microsoft.faults(route, { answer });
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUp(millisecondsPerMinute);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'idle', failure: { code } });
    expect(kept()).toEqual([first.clientSecret?.keyId]);
    expect(await isSecretOfEntra()).toBe(true);
  });

  it('removes a new one whose text was lost on the way, and makes another', async () => {
    await keepUpNow(hub, id);
    hub.microsoft.faults(addPassword, { cutOff: true, takesEffect: true });
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUp(millisecondsPerMinute);
    expect((await hub.show(id)).rotation.state).toBe('retiring');
    expect(kept()).toHaveLength(2);
    expect(hub.microsoft.count(removePassword)).toBe(1);
  });

  it('leaves alone the secrets that people have made', async () => {
    const application = hub.microsoft.directory.applications[0];
    const endDateTime = '2029-01-01T00:00:00Z';
    application?.passwordCredentials.push({
      keyId: 'theirs',
      displayName: 'CI',
      secretText: 'x',
      endDateTime,
    });
    await jump(151 * day);
    await jump(2 * day);
    expect(kept()).toContain('theirs');
  });

  it('tries again to remove the old one while Graph does not answer', async () => {
    await keepUpNow(hub, id);
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUp(millisecondsPerHour);
    const away = { answer: { status: 503 } };
    hub.microsoft.faults(removePassword, away, away, away);
    await keepUp(day);
    expect(kept()).toHaveLength(1);
    expect((await hub.show(id)).rotation.state).toBe('idle');
  });

  it('is undone when a person gives another meanwhile', async () => {
    hub.microsoft.directory.replicationMilliseconds = day;
    await keepUpNow(hub, id);
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUp(millisecondsPerMinute);
    expect((await hub.show(id)).rotation.state).toBe('proving');
    const endDateTime = '2029-01-01T00:00:00Z';
    const theirs = {
      keyId: 'theirs',
      displayName: 'by hand',
      secretText: 'By~Hand',
      endDateTime,
      hint: 'By~',
    };
    hub.microsoft.directory.applications[0]?.passwordCredentials.push(theirs);
    await hub.call('PATCH', `/registrations/${id}`, { clientSecret: 'By~Hand' });
    await keepUp(2 * millisecondsPerMinute);
    // The one that was in use has its grace time.
    expect(kept()).toEqual([first.clientSecret?.keyId, 'theirs']);
    await keepUp(2 * day);
    const given = await hub.show(id);
    expect(given.clientSecret).toMatchObject({ keyId: 'theirs', endsAt: '2029-01-01T00:00:00.000Z' });
    expect(given.rotation).toMatchObject({ state: 'idle' });
    expect((await registrationCredentials(hub.context, id)).credential).toEqual({
      kind: 'secret',
      secret: 'By~Hand',
    });
    expect(kept()).toEqual(['theirs']);
  });

  it('takes an administrator where the application may not', async () => {
    const application = hub.microsoft.directory.applications[0];
    if (application) application.roles = [];
    await keepUpNow(hub, id);
    expect(await hub.call<Problem>('POST', `/registrations/${id}/rotate`)).toMatchObject({
      status: 403,
      code: 'rotation_not_permitted',
    });
    await jump(179 * day);
    expect(hub.microsoft.count(addPassword)).toBe(1);
    expect(await events()).toEqual(['secret_end_warning']);
  });

  it('is not asked for anew by a check that meets a passing failure', async () => {
    hub.microsoft.entra.tokenAnswers.push(entraError(503, 'temporarily_unavailable', 90033));
    await keepUpNow(hub, id);
    const { check, alarm } = await hub.show(id);
    expect(check).toMatchObject({ failure: { code: 'token_endpoint_unavailable' } });
    expect(alarm).toBeNull();
  });
});
