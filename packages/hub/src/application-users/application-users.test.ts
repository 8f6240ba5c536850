import type { ApplicationUser, Problem } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millisecondsPerHour } from '../ground/durations.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { type TestEngine, testEngines } from '../testing/test-database.ts';
import {
  administratorToken,
  clientId,
  refused,
  roles,
  type ScriptedEnvironment,
  startScriptedEnvironment,
} from './testing/scripted-environment.ts';

const [basicUser, salesManager, administrator] = roles.map(({ roleid }) => roleid);
const systemUsers = /\/systemusers$/;
const reference = /\$ref$/;

describe.each(testEngines)('an application user, on %s', (engine: TestEngine) => {
  let crm: ScriptedEnvironment;
  let hub: TestHub;
  let waits: number[];
  let connectionId: string;

  beforeEach(async () => {
    crm = await startScriptedEnvironment();
    waits = [];
    const clock = createTestClock();
    hub = await createTestHub({
      engine,
      clock,
      cloud: { authority: crm.origin, graph: crm.origin, localEnvironments: [crm.origin] },
      async sleep(milliseconds, signal) {
        await new Promise(setImmediate);
        signal?.throwIfAborted();
        waits.push(milliseconds);
        clock.advance(milliseconds);
      },
    });
    Object.assign(hub, { clock });
    const made = await post<{ id: string }>('/connections', {
      method: 'client_credentials',
      environmentUrl: crm.origin,
      clientId,
      clientSecret: 'secret~of~the~app',
    });
    connectionId = made.id;
  });
  afterEach(async () => {
    await hub.close();
    await crm.close();
  });

  const path = (rest = '') => `/connections/${connectionId}/application-user${rest}`;
  async function post<T = ApplicationUser & Problem>(url: string, payload: object = {}): Promise<T> {
    const answer = await hub.inject({ method: 'POST', url: `/api/v1${url}`, payload });
    return answer.json<T>();
  }
  async function show(): Promise<ApplicationUser> {
    await hub.context.background.idle();
    return (await hub.inject({ method: 'GET', url: `/api/v1${path()}` })).json<ApplicationUser>();
  }
  const row = () =>
    hub.context.store.db.selectFrom('application_users').selectAll().executeTakeFirstOrThrow();

  /** Opens the link, and comes back from Microsoft's page. */
  async function signIn({ signIn: offer }: ApplicationUser, query = 'code=c'): Promise<ApplicationUser> {
    if (!offer) throw new Error('No sign-in is offered.');
    const opened = await hub.app.inject({ method: 'GET', url: new URL(offer.url).pathname });
    const [cookie] = opened.cookies;
    const state = new URL(String(opened.headers.location)).searchParams.get('state');
    await hub.app.inject({
      method: 'GET',
      url: `/oauth/callback?${query}&state=${state}`,
      headers: { cookie: `${cookie?.name}=${cookie?.value}` },
    });
    return show();
  }
  const make = async (wanted = ['Basic User']) => signIn(await post(path(), { roles: wanted }));
  const rolesInEnvironment = () => [...(crm.users[0]?.roles ?? [])];

  it('is made with the roles that were picked, and the connection is proven with it', async () => {
    const asked = await signIn(await post(path()));
    expect(asked).toMatchObject({ state: 'choosing_roles', madeByHub: null });
    expect(asked.availableRoles).toHaveLength(3);
    await post(path('/roles'), { roles: [basicUser, 'sales manager', basicUser] });
    expect(await show()).toMatchObject({ state: 'ready', madeByHub: true, failure: null });
    expect(rolesInEnvironment()).toEqual([basicUser, salesManager]);
    const events = await hub.context.store.db.selectFrom('events').select('kind').execute();
    expect(events.map(({ kind }) => kind)).toContain('application_user_made');
  });

  it('keeps the administrator’s token sealed while it is needed, and wipes it then; never a refresh token', async () => {
    await signIn(await post(path()));
    expect((await row()).sealed_administrator_token).not.toBeNull();
    expect(JSON.stringify(await row())).not.toContain(administratorToken);
    await post(path('/roles'), { roles: ['Basic User'] });
    await show();
    expect(await row()).toMatchObject({ sealed_administrator_token: null, sealed_sign_in_link: null });
    const everything = JSON.stringify([
      await hub.context.store.db.selectFrom('token_sets').selectAll().execute(),
    ]);
    expect(everything).not.toContain('refresh-token-of-the-administrator');
    expect(hub.logLines.join('\n')).not.toContain(administratorToken);
  });

  it('is the one that is there, with what it had, and stays when it is undone', async () => {
    crm.addUser({ isdisabled: true, roles: new Set([String(administrator), String(salesManager)]) });
    expect(await make(['Basic User', 'Sales Manager'])).toMatchObject({
      state: 'ready',
      madeByHub: false,
      roles: [{ name: 'Basic User' }],
    });
    expect(crm.users).toMatchObject([{ isdisabled: false }]);
    expect(rolesInEnvironment()).toEqual([administrator, salesManager, basicUser]);
    const undone = await signIn(await post(path('/undo')));
    expect(undone).toMatchObject({ state: 'undone', roles: [] });
    expect(crm.users).toHaveLength(1);
    expect(rolesInEnvironment()).toEqual([administrator, salesManager]);
  });

  it('is disabled and deleted when it is undone, where the hub made it', async () => {
    await make();
    const undone = await signIn(await post(path('/undo')));
    expect(undone.state).toBe('undone');
    expect(crm.users).toEqual([]);
    expect((await post(path('/undo'))).state).toBe('undone');
  });

  it('is undone though its role, or itself, is gone already', async () => {
    await make(['Basic User', 'Sales Manager']);
    crm.users[0]?.roles.delete(String(basicUser));
    crm.fail('/$ref', refused(404, '0x80040217', 'Gone.'));
    expect((await signIn(await post(path('/undo')))).state).toBe('undone');
  });

  it('is undone without a sign-in before anything was made', async () => {
    await post(path());
    expect(await post(path('/undo'))).toMatchObject({ state: 'undone', signIn: null });
  });

  it('is made once though the answer is cut off', async () => {
    crm.fail('/systemusers', { status: 200, body: { value: [] } }, (request) => {
      crm.addUser({ applicationid: String(JSON.parse(request.body).applicationid) });
      return { status: 503, body: '' };
    });
    expect(await make()).toMatchObject({ state: 'ready', madeByHub: true });
    expect(crm.users).toHaveLength(1);
    expect(waits).toEqual([5000]);
  });

  it('is made by one of two processes, each step once', async () => {
    const other = await createTestHub({
      beside: hub,
      clock: hub.clock,
      engine,
      cloud: hub.context.config.cloud,
    });
    const begun = await post(path(), { roles: ['Basic User'] });
    const both = [hub, other];
    const went = signIn(begun);
    const looks = Array.from({ length: 10 }, (_, index) =>
      both[index % 2]?.inject({ method: 'GET', url: `/api/v1${path()}` }),
    );
    await Promise.all([went, ...looks]);
    await other.context.background.idle();
    expect((await show()).state).toBe('ready');
    expect([crm.count('POST', systemUsers), crm.count('POST', reference)]).toEqual([1, 1]);
    await other.close();
  });

  it('is left alone by a process that was stopped past its lease', async () => {
    const { cloud } = hub.context.config;
    const other = await createTestHub({ beside: hub, clock: hub.clock, engine, cloud });
    crm.fail('/businessunits', async () => {
      hub.clock.advance(31_000);
      await other.inject({ method: 'GET', url: `/api/v1${path()}` });
      await other.context.background.idle();
      return { status: 200, body: { value: [{ businessunitid: crm.unitId, name: 'Late' }] } };
    });
    const made = await make();
    expect(made.state).toBe('ready');
    expect(made.steps.find(({ name }) => name === 'environment')?.detail).not.toContain('Late');
    const events = await hub.context.store.db
      .selectFrom('events')
      .select('id')
      .where('kind', '=', 'application_user_made')
      .execute();
    expect(events).toHaveLength(1);
    await other.close();
  });

  it('tries again what passes, and says what it waits for', async () => {
    crm.fail('/businessunits', { status: 503, body: '' }, { status: 429, body: '' });
    expect((await make()).state).toBe('ready');
    expect(waits).toEqual([5000, 10_000]);
  });

  it('waits for a user that not every server knows yet', async () => {
    crm.fail('/WhoAmI', refused(403, '0x80072560', 'The user is not a member of the organization.'));
    expect((await make()).state).toBe('ready');
    expect(waits).toEqual([5000]);
  });

  it('asks for another administrator where one may not do it, and wipes the token (lesson 16)', async () => {
    crm.fail('/systemusers', { status: 200, body: { value: [] } }, refused(403, '0x80040220', 'No.'));
    const failed = await make();
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'crm_refused', whoActs: 'administrator' },
    });
    expect((await row()).sealed_administrator_token).toBeNull();
    expect(waits).toEqual([]);
    expect((await signIn(await post(path('/retry')))).state).toBe('ready');
  });

  it('asks for a fresh sign-in when the last one has ended before the roles were picked', async () => {
    await signIn(await post(path()));
    hub.clock.advance(millisecondsPerHour);
    await post(path('/roles'), { roles: ['Basic User'] });
    expect(await show()).toMatchObject({ state: 'failed', failure: { code: 'administrator_sign_in_ended' } });
    const again = await post(path('/retry'));
    expect(again.state).toBe('awaiting_sign_in');
    expect((await signIn(again)).state).toBe('ready');
  });

  it('goes on by the same sign-in where that lives', async () => {
    crm.fail('/businessunits', { status: 404, body: '' });
    const failed = await make();
    expect(failed.failure?.code).toBe('crm_nonsense');
    expect(await post(path('/retry'))).toMatchObject({ state: 'running', signIn: null });
    expect((await show()).state).toBe('ready');
  });

  it('tells a sign-in that was declined, and offers another', async () => {
    const declined = await signIn(await post(path()), 'error=access_denied');
    expect(declined).toMatchObject({ state: 'failed', failure: { code: 'sign_in_declined' } });
    expect((await post(path('/retry'))).signIn).not.toBeNull();
  });

  it('takes the token nowhere else, whatever a next page says', async () => {
    const elsewhere = { value: [], '@odata.nextLink': 'https://elsewhere.example/api/data/v9.2/roles' };
    crm.fail('/roles', { status: 200, body: elsewhere });
    expect(await make()).toMatchObject({
      state: 'failed',
      failure: { code: 'crm_nonsense', detail: expect.stringContaining('elsewhere') },
    });
  });

  it('reads all pages of the roles', async () => {
    const [first, ...others] = roles;
    const next = `${crm.origin}/api/data/v9.2/roles?page=2`;
    crm.fail('/roles', { status: 200, body: { value: [first], '@odata.nextLink': next } }, () => ({
      status: 200,
      body: { value: others },
    }));
    expect((await signIn(await post(path()))).availableRoles).toHaveLength(3);
  });

  it('gives other roles when it is begun anew, and takes those it gave before', async () => {
    await make(['Basic User']);
    await make(['Sales Manager']);
    expect(rolesInEnvironment()).toEqual([salesManager]);
  });

  it('takes no choice that nobody waits for', async () => {
    await make();
    expect((await post(path('/roles'), { roles: ['Sales Manager'] })).code).toBe(
      'application_user_state_conflict',
    );
    expect(rolesInEnvironment()).toEqual([basicUser]);
  });

  it('is refused where it makes no sense', async () => {
    const { code } = await post(path('/roles'), { roles: ['Basic User'] });
    expect(code).toBe('application_user_not_found');
    await post(path());
    expect((await post(path('/roles'), { roles: ['Basic User'] })).code).toBe(
      'application_user_state_conflict',
    );
    const { connection_id: id } = await row();
    await hub.context.store.db
      .updateTable('application_users')
      .set({ state: 'running', lease_owner: 'another', lease_until: hub.clock.now() + 1000 })
      .execute();
    for (const action of ['', '/retry', '/undo']) {
      expect((await post(path(action))).code).toBe('application_user_busy');
    }
    await hub.context.store.db
      .updateTable('connections')
      .set({ method: 'sign_in' })
      .where('id', '=', id)
      .execute();
    expect((await post(path())).code).toBe('application_user_not_applicable');
  });

  it('is taken over from a process that died, once its lease is over', async () => {
    await post(path());
    const signedIn = await signIn(await show());
    expect(signedIn.state).toBe('choosing_roles');
    await hub.context.store.db
      .updateTable('application_users')
      .set({
        state: 'running',
        wanted_roles: '["Basic User"]',
        lease_owner: 'the dead',
        lease_until: hub.clock.now() + 30_000,
      })
      .execute();
    // Whoever looks would go on with it, if he might.
    for (const _look of [1, 2]) expect((await show()).state).toBe('running');
    hub.clock.advance(30_000);
    await show();
    expect((await show()).state).toBe('ready');
  });

  it('keeps the connection from being deleted while it is in place', async () => {
    await make();
    const remove = (query = '') =>
      hub.inject({ method: 'DELETE', url: `/api/v1/connections/${connectionId}${query}` });
    expect((await remove()).json()).toMatchObject({ code: 'application_user_in_place' });
    expect((await remove('?applicationUser=leave')).statusCode).toBe(204);
    expect(await hub.context.store.db.selectFrom('application_users').selectAll().execute()).toEqual([]);
  });
});
