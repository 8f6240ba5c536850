import type { Connection, HubEvent, Page } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  comeBack,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  openSignIn,
  showConnection,
  signIn,
} from '../connections/testing/create-connection-hub.ts';
import { dataverseError, entraError } from '../connections/testing/entra-answers.ts';
import { clientSecret } from '../connections/testing/scripted-microsoft.ts';
import { HubError } from '../errors/hub-error.ts';
import { testEngines } from '../testing/test-database.ts';
import { recordFailure, recordProof } from './record-evidence.ts';
import { tokenEndWork } from './token-end-work.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe.each(testEngines)('the changes of a connection’s state on %s', (engine) => {
  let hub: ConnectionHub;
  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
  });
  afterEach(() => hub.close());

  async function events(id: string, kind: string): Promise<HubEvent[]> {
    const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/events?kind=${kind}` });
    return answer.json<Page<HubEvent>>().items;
  }
  /** From the oldest: `from>to`. */
  const changes = async (id: string) =>
    (await events(id, 'state_changed'))
      .map(({ facts }) => `${String(facts.from ?? '')}>${String(facts.to)}`)
      .toReversed();
  const test = (id: string) => hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/test` });
  const refresh = (id: string) => hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
  const change = (id: string, payload: object) =>
    hub.inject({ method: 'PATCH', url: `/api/v1/connections/${id}`, payload });
  const iso = () => new Date(hub.clock.now()).toISOString();
  const withoutRefreshToken = { refreshToken: undefined };

  it('are told with the time since when, the reason and what to do', async () => {
    const { id, status } = await makeManualConnection(hub);
    expect(status).toMatchObject({ state: 'ready', since: iso() });
    hub.clock.advance(minute);
    hub.microsoft.entra.fail('/token', entraError(400, 'invalid_grant', 50173, 'bad_token'));
    await refresh(id);
    const failedAt = iso();
    hub.clock.advance(minute);
    const shown = await showConnection(hub, id);
    expect(shown.status).toMatchObject({ state: 'needs_sign_in', since: failedAt });
    const [event] = await events(id, 'state_changed');
    expect(event).toMatchObject({
      facts: { from: 'ready', to: 'needs_sign_in' },
      failure: {
        code: 'connection_needs_sign_in',
        remote: { code: 'AADSTS50173' },
        remedy: expect.any(String),
      },
    });
    expect(await changes(id)).toEqual(['>ready', 'ready>needs_sign_in']);
  });

  it('go from a need of a sign-in to ready with the sign-in, without a stop between', async () => {
    const { id, status } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    expect(status).toMatchObject({ state: 'needs_sign_in', since: iso() });
    await signIn(hub, id);
    expect(await changes(id)).toEqual(['needs_sign_in>ready']);
  });

  it('keep their beginning while nothing but the evidence changes', async () => {
    const { id, status } = await makeManualConnection(hub);
    hub.clock.advance(2 * hour);
    await test(id);
    expect((await showConnection(hub, id)).status.since).toBe(status.since);
  });

  it('are told once, however often the same failure is met', async () => {
    const { id } = await makeManualConnection(hub);
    for (let round = 0; round < 3; round += 1) {
      hub.microsoft.crm.fail('/WhoAmI', dataverseError(403, '0x80072560', 'No member.'));
      await test(id);
      hub.clock.advance(minute);
    }
    expect(await changes(id)).toEqual(['>ready', 'ready>blocked']);
    expect(await events(id, 'proof_failed')).toMatchObject([{ failure: { remote: { code: '0x80072560' } } }]);
    await test(id);
    expect(await changes(id)).toEqual(['>ready', 'ready>blocked', 'blocked>ready']);
  });

  it('tell a failure that turns into another one, though the state stays', async () => {
    const { id } = await makeManualConnection(hub);
    for (const code of ['0x80072560', '0x80042f09']) {
      hub.microsoft.crm.fail('/WhoAmI', dataverseError(403, code, 'Refused.'));
      await test(id);
    }
    expect((await events(id, 'proof_failed')).map(({ failure }) => failure?.remote?.code)).toEqual([
      '0x80042f09',
      '0x80072560',
    ]);
    expect(await changes(id)).toEqual(['>ready', 'ready>blocked']);
  });

  it('come with disabling and enabling', async () => {
    const { id } = await makeManualConnection(hub);
    hub.clock.advance(minute);
    await change(id, { disabled: true });
    expect((await showConnection(hub, id)).status).toMatchObject({ state: 'disabled', since: iso() });
    await change(id, { disabled: false });
    expect(await changes(id)).toEqual(['>ready', 'ready>disabled', 'disabled>ready']);
  });

  it('come by time alone where nothing renews the token, and say since when (lesson 5)', async () => {
    const { id, status } = await makeManualConnection(hub, withoutRefreshToken);
    expect(status.state).toBe('limited');
    const work = tokenEndWork(hub.context);
    const due = await hub.context.store.db
      .selectFrom('due_work')
      .select('due_at')
      .where('subject_id', '=', id)
      .where('kind', '=', work.kind)
      .executeTakeFirst();
    expect(due && new Date(due.due_at).toISOString()).toBe(status.endsAt);
    hub.clock.advance(3 * hour);
    const seen = (await showConnection(hub, id)).status;
    expect(seen).toMatchObject({ state: 'needs_sign_in', since: status.endsAt });
    expect(await work.run(id, new AbortController().signal)).toBeNull();
    expect((await showConnection(hub, id)).status).toEqual(seen);
    expect(await changes(id)).toEqual(['>limited', 'limited>needs_sign_in']);
  });

  it('look again later where the token lives longer by then', async () => {
    const { id, status } = await makeManualConnection(hub, withoutRefreshToken);
    const next = await tokenEndWork(hub.context).run(id, new AbortController().signal);
    expect(next && new Date(next).toISOString()).toBe(status.endsAt);
    expect(await changes(id)).toEqual(['>limited']);
    expect(await tokenEndWork(hub.context).run('gone', new AbortController().signal)).toBeNull();
  });

  it('are none where a sign-in comes to nothing beside a grant that works', async () => {
    const { id } = await makeManualConnection(hub);
    await comeBack(hub, await openSignIn(hub, id), { error: 'access_denied' });
    expect(await changes(id)).toEqual(['>ready']);
    expect(await events(id, 'sign_in_failed')).toHaveLength(1);
  });

  it('begin anew for a connection of a version that recorded none', async () => {
    const { id } = await makeManualConnection(hub);
    const { db } = hub.context.store;
    await db
      .updateTable('connections')
      .set({ state: null, state_since: null, proof_told_at: null })
      .execute();
    await db.deleteFrom('events').execute();
    expect((await showConnection(hub, id)).status.since).toBe(iso());
    await recordFailure(hub.context, id, new HubError('crm_timeout'));
    expect(await changes(id)).toEqual(['ready>failing']);
  });

  describe('and its proofs', () => {
    const proofs = async (id: string) => (await events(id, 'proven')).length;

    it('are told of once a day, and after a failure', async () => {
      const { id } = await makeManualConnection(hub);
      await recordProof(hub.context, id);
      expect(await proofs(id)).toBe(1);
      hub.clock.advance(day - 1);
      await recordProof(hub.context, id);
      expect(await proofs(id)).toBe(1);
      hub.clock.advance(1);
      await recordProof(hub.context, id);
      expect(await proofs(id)).toBe(2);
      await recordFailure(hub.context, id, new HubError('crm_timeout'));
      await recordProof(hub.context, id);
      expect(await proofs(id)).toBe(3);
    });

    it('are kept in the state whether they are told of or not', async () => {
      const { id } = await makeManualConnection(hub);
      hub.clock.advance(minute);
      await recordProof(hub.context, id);
      expect((await showConnection(hub, id)).status.lastProvenAt).toBe(iso());
    });
  });

  describe('whose token still works', () => {
    const failRefresh = async (id: string, status: number, error: string, code: number) => {
      hub.microsoft.entra.fail('/token', entraError(status, error, code));
      await refresh(id);
      return (await showConnection(hub, id)).status;
    };

    it('say until when, where a sign-in is needed', async () => {
      const { id } = await makeManualConnection(hub);
      const { expiresAt } = (
        await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token-facts` })
      ).json<{ expiresAt: string }>();
      const status = await failRefresh(id, 400, 'invalid_grant', 50173);
      expect(status).toMatchObject({ state: 'needs_sign_in', endsAt: expiresAt });
      expect(status.reason).toContain(`works until ${expiresAt}`);
      hub.clock.advance(2 * hour);
      expect((await showConnection(hub, id)).status).toMatchObject({ state: 'needs_sign_in', endsAt: null });
    });

    it('say until when, where the secret has ended (lesson 4)', async () => {
      const { id } = await makeManualConnection(hub);
      expect(await failRefresh(id, 401, 'invalid_client', 7000222)).toMatchObject({
        state: 'blocked',
        endsAt: expect.any(String),
      });
    });

    it('promise nothing where the environment refuses it, or it is for something else', async () => {
      const { id } = await makeManualConnection(hub);
      hub.microsoft.crm.fail('/WhoAmI', dataverseError(403, '0x80072560', 'No member.'));
      await test(id);
      expect((await showConnection(hub, id)).status).toMatchObject({ state: 'blocked', endsAt: null });
      const other: Connection = await makeManualConnection(hub, {
        accessToken: hub.microsoft.accessToken({ aud: 'https://graph.microsoft.com' }),
        ...withoutRefreshToken,
      });
      expect(other.status).toMatchObject({ state: 'needs_sign_in', endsAt: null });
    });

    it('promise no end while the hub tries again by itself', async () => {
      const { id } = await makeManualConnection(hub);
      expect(await failRefresh(id, 503, 'temporarily_unavailable', 90033)).toMatchObject({
        state: 'failing',
        endsAt: null,
      });
    });
  });

  it('warn when another organization answers at the address (lesson 12)', async () => {
    const { id } = await makeManualConnection(hub);
    hub.microsoft.crm.fail('/WhoAmI', {
      status: 200,
      body: { UserId: 'user-1', OrganizationId: 'organization-2', BusinessUnitId: 'unit-1' },
    });
    await test(id);
    expect(await events(id, 'identity_changed')).toMatchObject([
      { summary: expect.stringMatching(/organization-2; before it was organization-1/) },
    ]);
    expect((await showConnection(hub, id)).status.reason).toContain('organization-2');
    // What nobody has looked at yet stays beside what comes.
    await test(id);
    const { identityNotice } = await showConnection(hub, id);
    expect(identityNotice).toMatch(
      /organization-2; before .*organization-1.*organization-1; before .*organization-2/,
    );
  });
});
