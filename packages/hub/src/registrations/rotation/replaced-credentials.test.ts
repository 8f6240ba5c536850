import { rmSync } from 'node:fs';
import type { HubEvent, Page, Problem, RegistrationCredential } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millisecondsPerDay, millisecondsPerHour, millisecondsPerMinute } from '../../ground/durations.ts';
import { registrationCredentials } from '../../tokens/registration-credentials.ts';
import { requestOwnToken } from '../own-token.ts';
import type { RegistrationHub } from '../testing/create-registration-hub.ts';
import {
  applicationOf,
  countInEntra,
  createPlatformHub,
  inEntra,
  makeByHand,
  makeRotating,
  only,
  platformIdentity,
} from '../testing/credentials-in-entra.ts';
import { insertConnection } from '../testing/insert-connection.ts';
import { keepUpNow, keepUpUntil } from '../testing/keep-up-until.ts';
import { entraError } from '../testing/scripted-entra.ts';
import { graphError } from '../testing/scripted-graph.ts';
import { anyRoute } from '../testing/scripted-microsoft.ts';
import { registrationWatch } from '../watch/watch-registration.ts';

const day = millisecondsPerDay;
const kinds = ['secret', 'certificate', 'federated'] as const;
const pairs = kinds.flatMap((from) => kinds.map((to) => [from, to] as const));
const leaseMilliseconds = 31_000;

let hub: RegistrationHub & { file: string };
beforeEach(async () => {
  hub = await createPlatformHub();
});
afterEach(() => hub.close());

const rotate = (id: string, credential?: RegistrationCredential) =>
  hub.call('POST', `/registrations/${id}/rotate`, credential && { credential });
const keepUp = (id: string, during: number) => keepUpUntil(hub, id, hub.clock.now() + during);
const give = <T = { rotation: { state: string } }>(id: string, given: object) =>
  hub.call<T>('PATCH', `/registrations/${id}`, given);
const events = async (id: string) =>
  (await hub.call<Page<HubEvent>>('GET', `/registrations/${id}/events`)).items.toReversed();
/** Whether what the hub keeps is what Entra ID has. */
async function works(id: string): Promise<string> {
  const credentials = await registrationCredentials(hub.context, id);
  await requestOwnToken(hub.context, credentials);
  return credentials.credential.kind;
}

describe('a rotation from one credential to another', () => {
  it.each(pairs)('from a %s to a %s leaves nothing but the new one', async (from, to) => {
    const { id } = await makeRotating(hub, from);
    const before = inEntra(hub);
    await rotate(id, to);
    await keepUp(id, 0);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'retiring', failure: null });
    expect(await works(id)).toBe(to);
    // The one before works for the grace time.
    expect(inEntra(hub)[from]).toEqual(expect.arrayContaining(before[from]));
    await keepUp(id, 23 * millisecondsPerHour);
    expect(inEntra(hub)[from]).toEqual(expect.arrayContaining(before[from]));
    await keepUp(id, 2 * millisecondsPerHour);
    expect(countInEntra(hub)).toBe(only(to));
    const shown = await hub.show(id);
    expect(shown).toMatchObject({ credential: to, rotation: { state: 'idle', unusedInEntra: [] } });
    expect(await works(id)).toBe(to);
  });

  it.each(kinds.flatMap((one, index) => kinds.slice(index).map((other) => [one, other] as const)))(
    'between a %s and a %s comes to its end wherever a process is killed',
    async (one, other) => {
      const { id } = await makeRotating(hub, one);
      let present: RegistrationCredential = one;
      let calls = 0;
      for (let call = 0; ; call += 1) {
        const next = present === one ? other : one;
        const killed = await rotateKilledAt(id, next, call, false);
        if (killed === null) break;
        calls += 1;
        present = next;
        // What changes nothing is as good as not asked.
        if (!changes.test(killed)) continue;
        const back = present === one ? other : one;
        await rotateKilledAt(id, back, call, true);
        present = back;
      }
      expect(calls).toBeGreaterThanOrEqual(8);
    },
    60_000,
  );

  const changes = /^(?:POST .*(?:Password|federatedIdentityCredentials)|PATCH|DELETE)/;

  /** @returns the route of the call at which the process was killed; null when it made fewer */
  async function rotateKilledAt(
    id: string,
    to: RegistrationCredential,
    call: number,
    takesEffect: boolean,
  ): Promise<string | null> {
    await rotate(id, to);
    const atOnce = await runUntilKilled(id, call, takesEffect);
    let killed = atOnce.killed;
    if (killed === null) {
      await keepUp(id, 24 * millisecondsPerHour - millisecondsPerMinute);
      hub.clock.advance(2 * millisecondsPerMinute);
      ({ killed } = await runUntilKilled(id, call - atOnce.calls, takesEffect));
    }
    hub.clock.advance(leaseMilliseconds);
    await keepUp(id, 2 * day);
    expect([killed, countInEntra(hub)]).toEqual([killed, only(to)]);
    expect(await hub.show(id)).toMatchObject({ credential: to, rotation: { state: 'idle', failure: null } });
    expect(await works(id)).toBe(to);
    return killed;
  }

  /** Another process looks after the registration, and is never answered from a call on. */
  async function runUntilKilled(id: string, call: number, takesEffect: boolean) {
    const process = await createPlatformHub({ beside: hub });
    const before = hub.microsoft.calls.length;
    const hanging = new Promise<true>((resolve) => {
      const nothing = Array.from({ length: call }, () => null);
      hub.microsoft.faults(anyRoute, ...nothing, { hang: () => resolve(true), takesEffect });
    });
    const over = new AbortController();
    const ended = registrationWatch(process.context).run(id, over.signal);
    const isKilled = await Promise.race([hanging, ended.then(() => false)]);
    hub.microsoft.faults(anyRoute);
    ended.catch(() => {});
    dead.push(process);
    const calls = hub.microsoft.calls.length - before;
    return { killed: isKilled ? (hub.microsoft.calls.at(-1)?.route ?? null) : null, calls };
  }

  const dead: RegistrationHub[] = [];
  afterEach(() => {
    dead.length = 0;
  });
});

describe('a federated credential that takes a secret’s place', () => {
  const unknown = entraError(401, 'invalid_client', 700213);

  it('is waited for with patience until Microsoft knows it', async () => {
    const { id } = await makeRotating(hub, 'secret');
    await rotate(id, 'federated');
    hub.microsoft.faults('POST /{id}/oauth2/v2.0/token', null, { answer: unknown }, { answer: unknown });
    await keepUp(id, 0);
    expect((await hub.show(id)).rotation).toMatchObject({
      state: 'proving',
      failure: { code: 'federated_credential_refused' },
    });
    await keepUp(id, millisecondsPerHour);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'retiring', failure: null });
  });

  it('is waited for while the platform has no token, and given up in the end', async () => {
    const { id } = await makeRotating(hub, 'secret');
    await rotate(id, 'federated');
    rmSync(hub.file);
    await keepUp(id, millisecondsPerMinute);
    expect((await hub.show(id)).rotation).toMatchObject({
      state: 'adding',
      failure: { code: 'workload_token_unavailable' },
    });
    await keepUp(id, 3 * millisecondsPerHour);
    expect((await hub.show(id)).rotation).toMatchObject({ state: 'idle', unusedInEntra: [] });
    expect(countInEntra(hub)).toBe(only('secret'));
  });

  it('is not known to all of Microsoft’s servers at once: the secret is tried, too, for the grace time', async () => {
    const { id, clientId, tenantId } = await makeRotating(hub, 'secret');
    await rotate(id, 'federated');
    await keepUp(id, 0);
    const columns = { registration_id: id, client_id: clientId ?? '', tenant_id: tenantId };
    const environment_url = hub.microsoft.origin;
    const connection = await insertConnection(hub, { ...columns, environment_url });
    hub.microsoft.entra.tokenAnswers.push(unknown);
    const token = await hub.inject({ url: `/api/v1/connections/${connection}/token` });
    expect([token.statusCode, hub.microsoft.entra.tokenAnswers]).toEqual([200, []]);
    expect((await hub.show(id)).alarm).toBeNull();
  });
});

describe('a federated credential that a person has made for the hub', () => {
  it('is taken for a rotation, and stays when another takes its place', async () => {
    const { id } = await makeRotating(hub, 'secret');
    const { issuer, subject, audience } = platformIdentity;
    applicationOf(hub).federated = [
      { id: 'theirs', name: 'by-hand', issuer, subject, audiences: [audience] },
    ];
    await rotate(id, 'federated');
    await keepUp(id, 2 * day);
    expect(inEntra(hub).federated).toEqual(['theirs']);
    await rotate(id, 'secret');
    await keepUp(id, 2 * day);
    expect(await works(id)).toBe('secret');
    expect(inEntra(hub).federated).toEqual(['theirs']);
  });
});

describe('a credential that a person gives', () => {
  const steps = ['idle', 'adding', 'proving', 'retiring'] as const;
  const cases = kinds.flatMap((to) =>
    (['secret', 'certificate'] as const).flatMap((given) => steps.map((step) => ({ to, given, step }))),
  );

  it.each(cases)(
    'a $given while a rotation to a $to is $step, is all that is left after the grace time',
    async ({ to, given, step }) => {
      const { id } = await makeRotating(hub, 'secret');
      const first = inEntra(hub).secret[0];
      if (step !== 'idle') await rotate(id, to);
      if (step === 'proving') {
        // The new one is made by a token of the old one's.
        const refuse = entraError(401, 'invalid_client', 7000215);
        hub.microsoft.faults('POST /{id}/oauth2/v2.0/token', null, { answer: refuse });
      }
      if (step === 'proving' || step === 'retiring') await keepUp(id, 0);
      expect((await hub.show(id)).rotation.state).toBe(step);
      const typed = await makeByHand(hub, given);
      await give(id, typed);
      expect(await works(id)).toBe(given);
      await keepUp(id, 2 * millisecondsPerMinute);
      // What was being made goes at once; what was in use, when its time is over.
      const now = inEntra(hub);
      expect(now.secret).toContain(first);
      expect((await hub.show(id)).rotation.state).toBe('retiring');
      await keepUp(id, 2 * day);
      expect(countInEntra(hub)).toBe(only(given));
      expect(await hub.show(id)).toMatchObject({
        credential: given,
        rotation: { state: 'idle', unusedInEntra: [] },
      });
      expect(await works(id)).toBe(given);
    },
  );

  it.each(['certificate', 'secret', 'federated'] as const)(
    'leaves no %s behind that Entra ID was just about to take (the process did not know yet)',
    async (to) => {
      const { id } = await makeRotating(hub, 'secret');
      const typed = await makeByHand(hub, 'secret');
      const made = {
        certificate: 'PATCH /applications/{id}',
        secret: 'POST /applications/{id}/addPassword',
        federated: 'POST /applications/{id}/federatedIdentityCredentials',
      }[to];
      await rotate(id, to);
      const other = await createPlatformHub({ beside: hub });
      hub.microsoft.faults(made, {
        meanwhile: async () => {
          await give(id, typed);
          // Another process looks at once, before it is there.
          await keepUpNow(other, id);
        },
      });
      await keepUp(id, millisecondsPerMinute);
      await keepUp(id, 2 * millisecondsPerMinute);
      expect(inEntra(hub)[to].length).toBe(to === 'secret' ? 2 : 0);
      await keepUp(id, 2 * day);
      expect(countInEntra(hub)).toBe(only('secret'));
      expect(await works(id)).toBe('secret');
    },
  );

  it.each(kinds)('in the place of a %s has that one tried beside it for the grace time', async (present) => {
    const { id } = await makeRotating(hub, present);
    await give(id, await makeByHand(hub, 'secret'));
    const { credential, previousCredential } = await registrationCredentials(hub.context, id);
    expect([credential.kind, previousCredential?.kind]).toEqual(['secret', present]);
    const { clientId, tenantId } = await hub.show(id);
    const columns = { registration_id: id, client_id: clientId ?? '', tenant_id: tenantId };
    const environment_url = hub.microsoft.origin;
    const connection = await insertConnection(hub, { ...columns, environment_url });
    // Some of Microsoft's servers do not know the new one yet.
    hub.microsoft.entra.tokenAnswers.push(entraError(401, 'invalid_client', 7000215));
    const token = await hub.inject({ url: `/api/v1/connections/${connection}/token` });
    expect([token.statusCode, hub.microsoft.entra.tokenAnswers]).toEqual([200, []]);
    await keepUp(id, 2 * day);
    expect((await registrationCredentials(hub.context, id)).previousCredential).toBeUndefined();
  });

  it('twice leaves a person’s own where it is, and takes away what the hub has made', async () => {
    const { id } = await makeRotating(hub, 'certificate');
    await give(id, await makeByHand(hub, 'secret'));
    await keepUp(id, millisecondsPerHour);
    await give(id, await makeByHand(hub, 'secret'));
    await keepUp(id, 2 * day);
    expect(countInEntra(hub)).toBe('2 secret, 0 certificate, 0 federated');
    expect(applicationOf(hub).passwordCredentials.map(({ displayName }) => displayName)).toEqual([
      'by hand',
      'by hand',
    ]);
  });

  it('while one of a person’s is in its grace time after a rotation has that one go, too', async () => {
    const { id } = await makeRotating(hub, 'certificate');
    await give(id, await makeByHand(hub, 'secret'));
    await keepUp(id, 2 * day);
    // A check has found out which it is.
    expect((await hub.show(id)).clientSecret?.keyId).toBeNull();
    const [theirs] = applicationOf(hub).passwordCredentials;
    if (theirs) theirs.hint = 'By~';
    await keepUp(id, 2 * day);
    expect((await hub.show(id)).clientSecret?.keyId).toBe(theirs?.keyId);
    await rotate(id);
    await keepUp(id, 0);
    expect((await hub.show(id)).rotation).toMatchObject({
      state: 'retiring',
      unusedInEntra: [{ kind: 'secret', keyId: theirs?.keyId }],
    });
    await give(id, await makeByHand(hub, 'certificate'));
    await keepUp(id, 2 * day);
    expect(countInEntra(hub)).toBe(only('certificate'));
  });

  it('of before is not taken for an old one when it is given back', async () => {
    const { id } = await makeRotating(hub, 'certificate');
    const typed = await makeByHand(hub, 'secret');
    await give(id, typed);
    const [theirs] = applicationOf(hub).passwordCredentials;
    if (theirs) theirs.hint = 'By~';
    await keepUp(id, 2 * day);
    expect((await hub.show(id)).clientSecret?.keyId).toBe(theirs?.keyId);
    await rotate(id);
    await keepUp(id, 0);
    // Nothing else tells which it is.
    if (theirs) theirs.hint = 'Qz~';
    expect(await give(id, typed)).toMatchObject({ clientSecret: { keyId: theirs?.keyId } });
    await keepUp(id, 2 * day);
    expect(inEntra(hub).secret).toEqual([theirs?.keyId]);
    expect(await works(id)).toBe('secret');
  });

  it('cancels a rotation for which an administrator has signed in, which is undone by that sign-in', async () => {
    const { id } = await makeRotating(hub, 'secret');
    applicationOf(hub).roles = [];
    await keepUp(id, 2 * day);
    const byBrowser = { administratorSignIn: 'browser', credential: 'certificate' };
    await hub.call('POST', `/registrations/${id}/rotate`, byBrowser);
    const typed = await makeByHand(hub, 'secret');
    hub.microsoft.faults('PATCH /applications/{id}', { meanwhile: () => give(id, typed) });
    expect((await hub.signIn(id)).task).toBeNull();
    await keepUp(id, 3 * millisecondsPerMinute);
    expect(inEntra(hub).certificate).toEqual([]);
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    expect([row.sealed_administrator_token, row.administrator_task]).toEqual([null, null]);
    await keepUp(id, 3 * day);
    expect(await works(id)).toBe('secret');
    // No new one is made after it.
    expect((await hub.show(id)).rotation.state).toBe('idle');
  });
});

describe('a rotation that comes to nothing, and may not be undone', () => {
  const neverKnown = () =>
    hub.microsoft.entra.tokenAnswers.push(entraError(400, 'unauthorized_client', 700016));

  it('says what it has left in Entra ID', async () => {
    const { id } = await makeRotating(hub, 'secret');
    await rotate(id, 'certificate');
    hub.microsoft.faults('PATCH /applications/{id}', {
      change: (real) => {
        neverKnown();
        applicationOf(hub).roles = [];
        return real;
      },
    });
    await keepUp(id, millisecondsPerMinute);
    const [keyId] = inEntra(hub).certificate;
    expect(await hub.show(id)).toMatchObject({
      credential: 'secret',
      rotation: { state: 'idle', unusedInEntra: [{ kind: 'certificate', keyId }] },
    });
    await hub.call('POST', `/registrations/${id}/clean-up`, { administratorSignIn: 'browser' });
    expect((await hub.signIn(id)).rotation.unusedInEntra).toEqual([]);
    expect(countInEntra(hub)).toBe(only('secret'));
  });

  it('has left nothing where nobody let it begin', async () => {
    const { id } = await makeRotating(hub, 'secret');
    await rotate(id);
    applicationOf(hub).roles = [];
    await keepUp(id, millisecondsPerMinute);
    expect((await hub.show(id)).rotation).toMatchObject({
      state: 'idle',
      unusedInEntra: [],
      failure: { code: 'rotation_not_permitted' },
    });
  });

  it('may have left one where no answer came', async () => {
    const { id } = await makeRotating(hub, 'secret');
    await rotate(id);
    const lost = Array.from({ length: 14 }, () => ({ cutOff: true, takesEffect: true }) as const);
    hub.microsoft.faults('POST /applications/{id}/addPassword', ...lost.slice(1), {
      change: () => {
        applicationOf(hub).roles = [];
        return { status: 503 };
      },
    });
    await keepUp(id, 2 * millisecondsPerHour);
    expect((await hub.show(id)).rotation).toMatchObject({
      state: 'idle',
      unusedInEntra: [{ kind: 'secret', keyId: null }],
    });
  });

  it('tells by whom it was wanted: a person’s key, or the keeper', async () => {
    const { id } = await makeRotating(hub, 'secret');
    await rotate(id);
    await keepUp(id, 2 * day);
    await keepUp(id, 340 * day);
    const told = (await events(id)).filter(({ kind }) => kind === 'secret_rotated');
    expect(told.map(({ facts }) => facts.by)).toEqual([expect.stringMatching(/^api_key:/), 'keeper']);
    const removed = (await events(id)).filter(({ kind }) => kind === 'old_secret_removed');
    expect(removed.map(({ facts }) => facts.by)).toEqual([expect.stringMatching(/^api_key:/), 'keeper']);
  });
});

describe('a credential that the application may not remove', () => {
  const byBrowser = { administratorSignIn: 'browser' };

  async function rotatedByAdministrator(): Promise<string> {
    const { id } = await makeRotating(hub, 'secret');
    applicationOf(hub).roles = [];
    await keepUp(id, 2 * day);
    await hub.call('POST', `/registrations/${id}/rotate`, byBrowser);
    await hub.signIn(id);
    await keepUp(id, 2 * day);
    return id;
  }

  it('is shown and told, and an administrator’s sign-in removes it', async () => {
    const id = await rotatedByAdministrator();
    const [first] = inEntra(hub).secret;
    const shown = await hub.show(id);
    expect(shown.rotation).toMatchObject({
      state: 'idle',
      unusedInEntra: [{ kind: 'secret', keyId: first }],
    });
    const told = (await events(id)).filter(({ kind }) => kind === 'old_secret_left');
    expect(told).toHaveLength(1);
    expect(told[0]?.summary).toContain('have an administrator sign in to clean up');
    const asked = await hub.call('POST', `/registrations/${id}/clean-up`, byBrowser);
    expect(asked.task).toMatchObject({ kind: 'clean_up', state: 'awaiting_sign_in' });
    expect((await hub.signIn(id)).rotation.unusedInEntra).toEqual([]);
    expect(inEntra(hub).secret).toEqual([shown.clientSecret?.keyId]);
    expect((await events(id)).at(-1)).toMatchObject({
      kind: 'old_secret_removed',
      summary: `The client secret before (${first}) was removed.`,
      facts: { by: expect.stringMatching(/^api_key:/) },
    });
  });

  it('goes by itself once the application may, and is told no second time before', async () => {
    const id = await rotatedByAdministrator();
    applicationOf(hub).roles = ['Application.Read.All'];
    await keepUp(id, 3 * day);
    expect(inEntra(hub).secret).toHaveLength(2);
    applicationOf(hub).roles = ['Application.ReadWrite.OwnedBy'];
    await keepUp(id, 2 * day);
    expect(inEntra(hub).secret).toHaveLength(1);
    expect((await hub.show(id)).rotation.unusedInEntra).toEqual([]);
    const told = (await events(id)).filter(({ kind }) => kind.startsWith('old_secret_'));
    expect(told.map(({ kind }) => kind)).toEqual(['old_secret_left', 'old_secret_removed']);
  });

  it('is none that is in use, though nobody has kept its id', async () => {
    const { id } = await makeRotating(hub, 'federated');
    await hub.context.store.db.updateTable('registrations').set({ client_secret_key_id: null }).execute();
    await hub.call('POST', `/registrations/${id}/clean-up`, byBrowser);
    expect((await hub.signIn(id)).task).toBeNull();
    expect(countInEntra(hub)).toBe(only('federated'));
    expect((await events(id)).at(-1)?.summary).toBe('There was nothing to be removed.');
  });

  it('is told once, though its removal comes to nothing day after day', async () => {
    const id = await rotatedByAdministrator();
    applicationOf(hub).roles = ['Application.ReadWrite.OwnedBy'];
    const denied = { answer: graphError(403, 'Authorization_RequestDenied', 'No.') };
    hub.microsoft.faults('POST /applications/{id}/removePassword', denied, denied, denied);
    await keepUp(id, 3 * day);
    expect(hub.microsoft.count('POST /applications/{id}/removePassword')).toBeGreaterThan(1);
    expect((await events(id)).filter(({ kind }) => kind === 'old_secret_left')).toHaveLength(1);
    expect((await hub.show(id)).rotation.unusedInEntra).toHaveLength(1);
  });

  it('is not taken before its grace time is over', async () => {
    const { id } = await makeRotating(hub, 'secret');
    await rotate(id);
    await keepUp(id, millisecondsPerHour);
    const early = await hub.call<Problem>('POST', `/registrations/${id}/clean-up`, byBrowser);
    expect(early).toMatchObject({ status: 409, code: 'rotation_under_way' });
  });

  it('goes while the administrator is signed in where it has no grace time', async () => {
    const { id } = await makeRotating(hub, 'secret');
    applicationOf(hub).roles = [];
    await give(id, { rotation: { graceHours: 0 } });
    await keepUp(id, 2 * day);
    await hub.call('POST', `/registrations/${id}/rotate`, { ...byBrowser, credential: 'certificate' });
    expect((await hub.signIn(id)).rotation.state).toBe('idle');
    expect(countInEntra(hub)).toBe(only('certificate'));
  });
});
