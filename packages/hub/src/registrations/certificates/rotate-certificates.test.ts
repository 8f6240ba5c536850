import type { Connection, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millisecondsPerDay, millisecondsPerHour, millisecondsPerMinute } from '../../ground/durations.ts';
import { registrationCredentials } from '../../tokens/registration-credentials.ts';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import { insertConnection } from '../testing/insert-connection.ts';
import { keepUpUntil } from '../testing/keep-up-until.ts';
import { entraError } from '../testing/scripted-entra.ts';
import { graphError } from '../testing/scripted-graph.ts';

const day = millisecondsPerDay;
const patch = 'PATCH /applications/{id}';

// The steps are those of a secret's rotation, which is tested on both databases.
describe('a certificate that may be rotated', () => {
  let hub: RegistrationHub;
  let id: string;
  let first: Registration;

  beforeEach(async () => {
    hub = await createRegistrationHub();
    ({ id } = await hub.begin({ credential: 'certificate', secretLifetimeDays: 180 }));
    first = await hub.signIn(id);
    const [application] = hub.microsoft.directory.applications;
    if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
  });
  afterEach(() => hub.close());

  const keepUp = (milliseconds: number) => keepUpUntil(hub, id, hub.clock.now() + milliseconds);
  const keptKeys = (): string[] => {
    const [application] = hub.microsoft.directory.applications;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the hub has put there
    const keys = (application?.keyCredentials ?? []) as { keyId: string }[];
    return keys.map(({ keyId }) => keyId);
  };
  const rotate = () => hub.call('POST', `/registrations/${id}/rotate`);

  it('is rotated before its end, and the old one removed after its grace time (lesson 4)', async () => {
    await keepUp(150 * day + millisecondsPerHour);
    const rotated = await hub.show(id);
    expect(rotated.rotation).toMatchObject({ state: 'retiring', failure: null });
    expect(rotated.certificate?.keyId).not.toBe(first.certificate?.keyId);
    expect(keptKeys()).toEqual([first.certificate?.keyId, rotated.certificate?.keyId]);
    await keepUp(2 * day);
    expect(keptKeys()).toEqual([rotated.certificate?.keyId]);
    const { credential } = await registrationCredentials(hub.context, id);
    expect(credential.kind).toBe('certificate');
    expect(hub.microsoft.count('POST /applications/{id}/addPassword')).toBe(0);
  });

  it('is rotated year after year by nobody', async () => {
    await keepUp(400 * day);
    expect((await hub.show(id)).alarm).toBeNull();
    expect(keptKeys().length).toBeLessThanOrEqual(2);
  });

  it('waits with patience until Microsoft knows the new one', async () => {
    await keepUp(0);
    await rotate();
    // The new one is made first, by a token of the old one's.
    hub.microsoft.faults(patch, {
      change: (real) => {
        hub.microsoft.entra.tokenAnswers.push(
          entraError(401, 'invalid_client', 700027),
          entraError(401, 'invalid_client', 700027),
        );
        return real;
      },
    });
    await keepUp(millisecondsPerHour);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'retiring', failure: null });
    expect(hub.microsoft.entra.tokenAnswers).toEqual([]);
  });

  it('removes a new one whose key was lost on the way, and makes another', async () => {
    await keepUp(0);
    hub.microsoft.faults(patch, { cutOff: true, takesEffect: true });
    await rotate();
    await keepUp(millisecondsPerMinute);
    const rotated = await hub.show(id);
    expect(rotated.rotation.state).toBe('retiring');
    expect(keptKeys()).toEqual([first.certificate?.keyId, rotated.certificate?.keyId]);
  });

  it('keeps the old one when Graph refuses the new one', async () => {
    await keepUp(0);
    hub.microsoft.faults(patch, { answer: graphError(403, 'Authorization_RequestDenied', 'No.') });
    await rotate();
    await keepUp(millisecondsPerMinute);
    expect((await hub.show(id)).rotation).toMatchObject({
      state: 'idle',
      failure: { code: 'graph_refused' },
    });
    expect(keptKeys()).toEqual([first.certificate?.keyId]);
  });

  it('never sends the key of the one before once a secret is there in its place', async () => {
    await keepUp(0);
    await rotate();
    await keepUp(0);
    expect((await hub.show(id)).rotation.state).toBe('retiring');
    const endDateTime = '2031-01-01T00:00:00Z';
    const fresh = { keyId: 'fresh', displayName: 'by hand', secretText: 'Fresh~Secret', endDateTime };
    hub.microsoft.directory.applications[0]?.passwordCredentials.push(fresh);
    await hub.call('PATCH', `/registrations/${id}`, { clientSecret: 'Fresh~Secret' });
    const connection = await insertConnection(hub, { registration_id: id, client_id: first.clientId ?? '' });
    hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', 7000215));
    await hub.call('GET', `/connections/${connection}/token`);
    expect(JSON.stringify(hub.microsoft.calls.map(({ body }) => body))).not.toContain('PRIVATE KEY');
  });

  it('leaves alone the certificates that people have put there', async () => {
    const [application] = hub.microsoft.directory.applications;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the hub has put there
    const keys = (application?.keyCredentials ?? []) as Record<string, unknown>[];
    if (application)
      application.keyCredentials = [...keys, { ...keys[0], keyId: 'theirs', displayName: 'CI' }];
    await keepUp(400 * day);
    expect(keptKeys()).toContain('theirs');
  });

  it('is one alarm of the registration when it is refused, and its connections say so together', async () => {
    await keepUp(0);
    const connections = await Promise.all([1, 2].map(() => insertConnection(hub, { registration_id: id })));
    const own = await insertConnection(hub, { registration_id: id, sealed_private_key: 'sealed' });
    const [application] = hub.microsoft.directory.applications;
    const kept = application?.keyCredentials;
    if (application) application.keyCredentials = [];
    await keepUp(day);
    const alarmed = await hub.show(id);
    expect(alarmed.alarm).toMatchObject({
      code: 'client_certificate_refused',
      remedy: expect.stringMatching(/^Download the certificate/),
    });
    const codeOf = async (connectionId: string) =>
      (await hub.call<Connection>('GET', `/connections/${connectionId}`)).status.failure?.code;
    expect(await Promise.all([...connections, own].map(codeOf))).toEqual([
      'client_certificate_refused',
      'client_certificate_refused',
      undefined,
    ]);
    if (application) application.keyCredentials = kept;
    await keepUp(2 * millisecondsPerHour);
    expect((await hub.show(id)).alarm).toBeNull();
    expect(await codeOf(connections[0] ?? '')).toBeUndefined();
  });

  it('finds it out when the certificate was taken out of the application', async () => {
    await keepUp(0);
    const [application] = hub.microsoft.directory.applications;
    if (application) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the hub has put there
      const keys = application.keyCredentials as Record<string, unknown>[];
      application.keyCredentials = keys.map((key) => ({ ...key, keyId: 'put there by hand' }));
    }
    await keepUp(day + millisecondsPerHour);
    const { check } = await hub.show(id);
    expect(check.findings.map(({ code }) => code)).toContain('certificate_gone');
  });
});

describe('a client secret', () => {
  let hub: RegistrationHub;
  let id: string;

  beforeEach(async () => {
    hub = await createRegistrationHub();
    ({ id } = await hub.begin());
    await hub.signIn(id);
    const [application] = hub.microsoft.directory.applications;
    if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
    await keepUpUntil(hub, id, hub.clock.now());
  });
  afterEach(() => hub.close());

  const rotateTo = (credential: 'secret' | 'certificate') =>
    hub.call('POST', `/registrations/${id}/rotate`, { credential });
  const kindInUse = async () => (await registrationCredentials(hub.context, id)).credential.kind;
  const inEntra = () => {
    const [application] = hub.microsoft.directory.applications;
    const keys = Array.isArray(application?.keyCredentials) ? application.keyCredentials : [];
    return [application?.passwordCredentials.length, keys.length];
  };

  it('gives way to a certificate in place, with all connections kept, and back', async () => {
    await rotateTo('certificate');
    await keepUpUntil(hub, id, hub.clock.now());
    expect(await hub.show(id)).toMatchObject({
      credential: 'certificate',
      clientSecret: null,
      rotation: { state: 'retiring' },
    });
    expect(await kindInUse()).toBe('certificate');
    expect((await registrationCredentials(hub.context, id)).previousCredential?.kind).toBe('secret');
    expect(inEntra()).toEqual([1, 1]);
    await keepUpUntil(hub, id, hub.clock.now() + 2 * day);
    expect(inEntra()).toEqual([0, 1]);

    await rotateTo('secret');
    await keepUpUntil(hub, id, hub.clock.now() + 2 * day);
    expect(await hub.show(id)).toMatchObject({ credential: 'secret', certificate: null });
    expect(await kindInUse()).toBe('secret');
    expect(inEntra()).toEqual([1, 0]);
  });

  it('stays when the certificate is never known, and what was made of it goes', async () => {
    hub.microsoft.faults(patch, {
      change: (real) => {
        hub.microsoft.entra.tokenAnswers.push(entraError(400, 'unauthorized_client', 700016));
        return real;
      },
    });
    await rotateTo('certificate');
    await keepUpUntil(hub, id, hub.clock.now() + millisecondsPerMinute);
    expect(await hub.show(id)).toMatchObject({ credential: 'secret', rotation: { state: 'idle' } });
    expect(await kindInUse()).toBe('secret');
    expect(inEntra()).toEqual([1, 0]);
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUpUntil(hub, id, hub.clock.now());
    expect(await kindInUse()).toBe('secret');
  });
});
