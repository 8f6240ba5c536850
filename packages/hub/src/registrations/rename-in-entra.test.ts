import type { HubEvent, Page, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millisecondsPerDay } from '../ground/durations.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { applicationOf, makeRotating } from './testing/credentials-in-entra.ts';
import { keepUpUntil } from './testing/keep-up-until.ts';
import { graphError } from './testing/scripted-graph.ts';

describe('the name of a registration', () => {
  let hub: RegistrationHub;
  let made: Registration;

  beforeEach(async () => {
    hub = await createRegistrationHub();
    made = await makeRotating(hub, 'secret');
  });
  afterEach(() => hub.close());

  const rename = (name: string) => hub.call('PATCH', `/registrations/${made.id}`, { name });
  const lastChange = async () =>
    (await hub.call<Page<HubEvent>>('GET', `/registrations/${made.id}/events?kind=changed`)).items[0];

  it('is changed in Entra ID, too, where the application may change itself, and by whom is told', async () => {
    expect(await rename('Export')).toMatchObject({ name: 'Export', nameInEntra: 'Export' });
    expect(applicationOf(hub).displayName).toBe('Export');
    expect(await lastChange()).toMatchObject({
      summary: 'Renamed from “Latchkey” to “Export”, in Microsoft Entra ID, too.',
      failure: null,
      facts: { by: expect.stringMatching(/^api_key:/) },
    });
  });

  it('is not sent to Entra ID again when it is the same', async () => {
    await rename('Latchkey');
    expect(hub.microsoft.count('PATCH /applications/{id}')).toBe(1);
    expect(await lastChange()).toBeUndefined();
  });

  it.each([
    ['may not', graphError(403, 'Authorization_RequestDenied', 'No.'), 'graph_refused'],
    ['gets no answer', { status: 503 }, 'graph_unavailable'],
  ])(
    'is changed here alone where the application %s, and the timeline says why',
    async (_case, answer, code) => {
      hub.microsoft.faults('PATCH /applications/{id}', { answer });
      expect(await rename('Export')).toMatchObject({ name: 'Export', nameInEntra: 'Latchkey' });
      expect(await lastChange()).toMatchObject({
        summary: 'Renamed from “Latchkey” to “Export”, in the hub alone.',
        failure: { code },
      });
    },
  );

  it('is given to the application by an administrator’s sign-in where it may not change itself', async () => {
    applicationOf(hub).roles = [];
    await keepUpUntil(hub, made.id, hub.clock.now() + 2 * millisecondsPerDay);
    const before = hub.microsoft.calls.length;
    expect(await rename('Export')).toMatchObject({ nameInEntra: 'Latchkey' });
    // What is known is not asked for.
    expect(hub.microsoft.calls.length).toBe(before);
    expect((await lastChange())?.failure).toMatchObject({
      code: 'rotation_not_permitted',
      detail: 'The application may not change its own name.',
    });
    const asked = await hub.call('POST', `/registrations/${made.id}/rename`, {
      administratorSignIn: 'browser',
    });
    expect(asked.task).toMatchObject({ kind: 'rename' });
    expect(await hub.signIn(made.id)).toMatchObject({ nameInEntra: 'Export', task: null });
    expect(applicationOf(hub).displayName).toBe('Export');
    expect(await lastChange()).toMatchObject({
      summary: 'Renamed to “Export” in Microsoft Entra ID, too.',
      facts: { by: expect.stringMatching(/^api_key:/) },
    });
  });

  it('is seen by a check when somebody has changed it in Entra ID, and stays as it is here', async () => {
    applicationOf(hub).displayName = 'By hand';
    await keepUpUntil(hub, made.id, hub.clock.now() + 2 * millisecondsPerDay);
    expect(await hub.show(made.id)).toMatchObject({ name: 'Latchkey', nameInEntra: 'By hand' });
  });

  it('finds the application to be deleted though it is called otherwise here, and its id is lost', async () => {
    hub.microsoft.faults('PATCH /applications/{id}', { answer: { status: 503 } });
    await rename('Export');
    await hub.context.store.db.updateTable('registrations').set({ application_object_id: null }).execute();
    await hub.call('POST', `/registrations/${made.id}/undo`);
    await hub.signIn(made.id);
    expect(hub.microsoft.directory.applications).toEqual([]);
  });
});
