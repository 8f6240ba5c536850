import type { Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { keepUpNow } from './testing/keep-up-until.ts';
import { graphError } from './testing/scripted-graph.ts';
import { registrationWatch } from './watch/watch-registration.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

async function makeReady(): Promise<string> {
  const { id } = await hub.begin();
  await hub.signIn(id);
  return id;
}

async function undo(id: string): Promise<Registration> {
  return hub.call('POST', `/registrations/${id}/undo`);
}

function details({ steps }: Registration): Record<string, string | null> {
  return Object.fromEntries(
    steps.map(({ name, state, detail }) => [name, state === 'undone' ? detail : null]),
  );
}

describe('undoing a registration', () => {
  it('asks for a sign-in, then deletes the grant and the application and says so', async () => {
    const id = await makeReady();
    const waiting = await undo(id);
    expect(waiting).toMatchObject({ state: 'undoing', signIn: { kind: 'browser' } });
    const undone = await hub.signIn(id);

    const { applications, grants } = hub.microsoft.directory;
    expect([applications, grants]).toEqual([[], []]);
    expect(undone).toMatchObject({
      state: 'undone',
      applicationObjectId: null,
      servicePrincipalId: null,
      adminConsentGranted: false,
      clientSecret: null,
    });
    expect(details(undone)).toMatchObject({
      consent: 'Consent withdrawn',
      application: expect.stringContaining('deleted; the portal can restore it for 30 days'),
      client_secret: 'Gone with the application',
      tenant: null,
    });
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    expect(row.sealed_client_secret).toBeNull();
    expect(row.sealed_administrator_token).toBeNull();
  });

  it('leaves no secret of a rotation behind, and nothing to be looked after', async () => {
    const id = await makeReady();
    const application = hub.microsoft.directory.applications[0];
    if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
    await keepUpNow(hub, id);
    await hub.call('POST', `/registrations/${id}/rotate`);
    await keepUpNow(hub, id);
    expect((await hub.show(id)).rotation.state).toBe('retiring');
    await undo(id);
    const undone = await hub.signIn(id);
    expect(undone).toMatchObject({ state: 'undone', rotation: { state: 'idle', oldSecretUntil: null } });
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    const sealed = Object.entries(row).filter(
      ([name, value]) => name.startsWith('sealed_') && value !== null,
    );
    expect(sealed).toEqual([]);
    expect(await registrationWatch(hub.context).run(id, new AbortController().signal)).toBeNull();
  });

  it('does without another sign-in while the last one lives', async () => {
    hub.microsoft.faults('POST /applications/{id}/addPassword', {
      answer: graphError(400, 'Request_BadRequest', 'Secrets are not allowed by policy.'),
    });
    const id = await makeReady();
    expect((await undo(id)).state).toBe('undoing');
    await hub.context.background.idle();
    expect(await hub.show(id)).toMatchObject({ state: 'undone' });
    expect(hub.microsoft.directory.applications).toEqual([]);
  });

  it('minds nothing that is gone already', async () => {
    const id = await makeReady();
    hub.microsoft.directory.applications.length = 0;
    hub.microsoft.directory.grants.length = 0;
    await undo(id);
    expect(details(await hub.signIn(id))).toMatchObject({
      consent: 'The consent was gone already',
      application: 'The application was gone already',
    });
    expect(hub.waits).toEqual([]);
  });

  it('finds an application whose id was never written down', async () => {
    const id = await makeReady();
    await hub.context.store.db
      .updateTable('registrations')
      .set({ application_object_id: null, client_id: null, grant_id: null })
      .execute();
    await undo(id);
    expect((await hub.signIn(id)).state).toBe('undone');
    expect(hub.microsoft.directory.applications).toEqual([]);
  });

  it('is done at once when nothing was made', async () => {
    const { id } = await hub.begin();
    expect(await undo(id)).toMatchObject({ state: 'undone', signIn: null });
    expect(await undo(id)).toMatchObject({ state: 'undone' });
    expect(hub.microsoft.calls).toEqual([]);
  });

  it('can be tried again, or turned back, after it failed in the middle', async () => {
    const id = await makeReady();
    hub.microsoft.faults('DELETE /applications/{id}', {
      answer: graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges.'),
    });
    await undo(id);
    const failed = await hub.signIn(id);
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'graph_refused' } });
    expect(details(failed)).toMatchObject({ consent: 'Consent withdrawn' });

    await hub.call('POST', `/registrations/${id}/retry`);
    const ready = await hub.signIn(id);
    expect(ready).toMatchObject({ state: 'ready', adminConsentGranted: true });
    expect(hub.microsoft.directory.applications).toHaveLength(1);

    await undo(id);
    expect((await hub.signIn(id)).state).toBe('undone');
  });

  it('is refused while a connection signs in with it', async () => {
    const id = await makeReady();
    await hub.call('POST', '/connections', {
      method: 'client_credentials',
      environmentUrl: hub.microsoft.origin,
      tenantId: hub.microsoft.directory.tenantId,
      registrationId: id,
      name: 'Sales',
    });
    expect(await undo(id)).toMatchObject({
      status: 409,
      code: 'registration_in_use',
      detail: expect.stringContaining('Sales'),
    });
  });

  it('touches no application of the same name that somebody else made', async () => {
    const id = await makeReady();
    const foreign = {
      id: '00000000-0000-4000-8000-0000000000aa',
      appId: '00000000-0000-4000-8000-0000000000ab',
      displayName: 'Latchkey',
      tags: ['latchkey:another-registration'],
      passwordCredentials: [],
    };
    hub.microsoft.directory.applications.unshift(foreign);
    await hub.context.store.db
      .updateTable('registrations')
      .set({ application_object_id: null, client_id: null })
      .execute();
    await undo(id);
    expect((await hub.signIn(id)).state).toBe('undone');
    expect(hub.microsoft.directory.applications).toEqual([foreign]);
  });

  it('is refused to nobody for the connections of another registration', async () => {
    const [used, unused] = [await makeReady(), await makeReady()];
    await hub.call('POST', '/connections', {
      method: 'client_credentials',
      environmentUrl: hub.microsoft.origin,
      tenantId: hub.microsoft.directory.tenantId,
      registrationId: used,
      name: 'Sales',
    });
    expect(await undo(unused)).toMatchObject({ state: 'undoing' });
    expect(await undo(used)).toMatchObject({ code: 'registration_in_use' });
  });

  it('needs a sign-in where the last one has a minute left', async () => {
    hub.microsoft.faults('POST /applications/{id}/addPassword', {
      answer: graphError(400, 'Request_BadRequest', 'Secrets are not allowed by policy.'),
    });
    const id = await makeReady();
    hub.clock.advance(3_540_000);
    expect(await undo(id)).toMatchObject({ state: 'undoing', signIn: { kind: 'browser' } });
    expect(hub.microsoft.directory.applications).toHaveLength(1);
  });

  it('forgets an adopted application without touching it', async () => {
    const { id } = await hub.call('POST', '/registrations', {
      kind: 'adopted',
      name: 'Old app',
      tenantId: hub.microsoft.directory.tenantId,
      clientId: '11112222-3333-4444-8555-666677778888',
      clientSecret: 'wrong',
    });
    expect(await undo(id)).toMatchObject({ state: 'undone', clientSecret: null });
  });
});
