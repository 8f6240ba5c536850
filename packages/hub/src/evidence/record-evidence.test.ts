import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  showConnection,
} from '../connections/testing/create-connection-hub.ts';
import { HubError, type HubErrorCode, type HubErrorOptions } from '../errors/hub-error.ts';
import type { Random } from '../ground/random.ts';
import { inTransaction } from '../store/in-transaction.ts';
import {
  recordFailure,
  recordFailureIn,
  recordProof,
  recordSignInFailure,
  recordTokenSuccess,
} from './record-evidence.ts';

describe('the evidence of a connection', () => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub();
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const fail = (code: HubErrorCode, options?: HubErrorOptions) =>
    recordFailure(hub.context, connectionId, new HubError(code, options));
  const proveByCrm = () => recordProof(hub.context, connectionId);
  const proveByToken = () => recordTokenSuccess(hub.context, hub.context.store.db, connectionId);
  const failSignIn = () => recordSignInFailure(hub.context, connectionId, new HubError('sign_in_declined'));
  const read = (id: string) =>
    hub.context.store.db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  /** Chance as it is to fall for a wait; ids stay different from each other. */
  const of = (chance: number): Random => ({
    bytes: (count) => (count === 1 ? Buffer.alloc(1, chance) : hub.context.random.bytes(count)),
  });
  const failureCode = async () => (await showConnection(hub, connectionId)).status.failure?.code ?? null;

  it.each<[HubErrorCode, string | null, string | null]>([
    ['connection_needs_sign_in', 'connection_needs_sign_in', null],
    ['token_endpoint_unavailable', 'token_endpoint_unavailable', null],
    ['crm_refused', null, 'crm_refused'],
    ['crm_timeout', null, 'crm_timeout'],
    ['registration_not_ready', null, null],
  ])('%s: after an answer of the CRM %s, after a new token %s', async (code, afterCrm, afterToken) => {
    await fail(code);
    await proveByCrm();
    expect(await failureCode()).toBe(afterCrm);
    await fail(code);
    await proveByToken();
    expect(await failureCode()).toBe(afterToken);
  });

  it.each([
    ['token', 'outbound_proxy_refused', null],
    ['environment', null, 'outbound_proxy_refused'],
    [undefined, null, null],
  ] as const)(
    'a failure of the proxy on the way to %s: after an answer of the CRM %s, after a new token %s',
    async (side, afterCrm, afterToken) => {
      const options = side === undefined ? {} : { side };
      await fail('outbound_proxy_refused', options);
      await proveByCrm();
      expect(await failureCode()).toBe(afterCrm);
      await fail('outbound_proxy_refused', options);
      await proveByToken();
      expect(await failureCode()).toBe(afterToken);
    },
  );

  it('lets a token request that the proxy has stopped wait for its next try', async () => {
    await fail('outbound_proxy_unavailable', { side: 'token' });
    const { next_try_at: nextTryAt, failure_state: state } = await read(connectionId);
    expect(state).toBe('failing');
    expect(nextTryAt).toBeGreaterThan(hub.clock.now());
    expect(await showConnection(hub, connectionId)).toMatchObject({
      status: { whoActs: 'operator', remedy: expect.stringContaining('HTTPS_PROXY') },
    });
  });

  it('does not let a failure of the CRM hide that Microsoft refuses tokens', async () => {
    await fail('client_secret_expired');
    await fail('crm_timeout');
    expect(await failureCode()).toBe('client_secret_expired');
  });

  it('lets a refusal by Microsoft take the place of a failure of the CRM', async () => {
    await fail('crm_timeout');
    await fail('client_secret_expired');
    expect(await failureCode()).toBe('client_secret_expired');
  });

  it('does not wipe out unseen what another process recorded a moment ago', async () => {
    await Promise.all([fail('crm_timeout'), proveByCrm()]);
    expect(await failureCode()).toBe('crm_timeout');
    hub.clock.advance(1);
    await Promise.all([fail('crm_unavailable'), proveByCrm()]);
    expect(await failureCode()).toBe('crm_unavailable');
    await proveByCrm();
    expect(await failureCode()).toBeNull();
  });

  it('is of one connection only', async () => {
    const other = await makeManualConnection(hub);
    const otherRow = () => read(other.id);
    const before = await otherRow();
    hub.clock.advance(1000);
    await fail('token_endpoint_unavailable');
    await proveByToken();
    await fail('crm_timeout');
    await proveByCrm();
    await failSignIn();
    expect(await otherRow()).toEqual(before);
    await recordFailure(hub.context, other.id, new HubError('crm_timeout'));
    await proveByCrm();
    await proveByToken();
    expect((await otherRow()).failure_state).toBe('failing');
  });

  it.each<[ConstructorParameters<typeof HubError>[0], boolean, number]>([
    ['token_endpoint_unavailable', true, 1],
    ['token_endpoint_nonsense', true, 1],
    ['connection_needs_sign_in', false, 0],
    // The keeper's next proof.
    ['crm_timeout', true, 0],
  ])('says when to try again where the hub tries, %s: %s, %i', async (code, isRetried, failedTries) => {
    await fail(code);
    const { next_try_at: nextTryAt, failed_tries: tries } = await read(connectionId);
    expect([nextTryAt !== null, tries]).toEqual([isRetried, failedTries]);
  });

  it('counts the failed tries in a row, and from the start after a success', async () => {
    const tries = async () => (await read(connectionId)).failed_tries;
    await fail('token_endpoint_unavailable');
    await fail('token_endpoint_unavailable');
    expect(await tries()).toBe(2);
    await proveByToken();
    expect(await tries()).toBe(0);
    await fail('token_endpoint_unavailable');
    expect(await tries()).toBe(1);
  });

  it.each([
    [null, 0, 1000],
    [null, 255, 500],
    [400, 255, 500],
    [700, 255, 700],
    [90_000, 0, 90_000],
  ])(
    'tries again neither before Microsoft asks (%s ms) nor at once (chance %i): after %i ms',
    async (asked, chance, wait) => {
      const context = { ...hub.context, random: of(chance) };
      const { db } = hub.context.store;
      const error = new HubError('token_endpoint_unavailable');
      const nextTryAt = await recordFailureIn(context, db, connectionId, error, {
        retryAfterMilliseconds: asked,
      });
      expect(nextTryAt).toBe(hub.clock.now() + wait);
      expect((await read(connectionId)).next_try_at).toBe(nextTryAt);
    },
  );

  it('doubles the wait with each failed try, up to five minutes', async () => {
    const context = { ...hub.context, random: of(0) };
    const waits: number[] = [];
    for (let tries = 0; tries < 11; tries += 1) {
      await recordFailure(context, connectionId, new HubError('token_endpoint_unavailable'));
      waits.push(((await read(connectionId)).next_try_at ?? 0) - hub.clock.now());
    }
    expect(waits.map((wait) => wait / 1000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  describe('of a sign-in that came to nothing', () => {
    it('leaves a connection that works as it is', async () => {
      await failSignIn();
      expect(await read(connectionId)).toMatchObject({
        failure_state: null,
        last_failure_at: hub.clock.now(),
      });
      expect(await failureCode()).toBe('sign_in_declined');
    });

    it.each([
      'token_endpoint_unavailable',
      'crm_unavailable',
      'client_secret_expired',
      'crm_refused',
    ] as const)('leaves what holds back a connection that was signed in: %s', async (code) => {
      await fail(code);
      const before = await read(connectionId);
      hub.clock.advance(1000);
      await failSignIn();
      expect(await read(connectionId)).toEqual(before);
    });

    it('is told where a sign-in is needed anyway', async () => {
      await fail('connection_needs_sign_in');
      await failSignIn();
      expect((await read(connectionId)).failure_state).toBe('needs_sign_in');
      expect(await failureCode()).toBe('sign_in_declined');
    });

    it('does not hide what has held the connection back meanwhile', async () => {
      const postgres = await createConnectionHub({ engine: 'postgres' });
      onTestFinished(() => postgres.close());
      const { context } = postgres;
      const { id } = await makeManualConnection(postgres);
      let signInFailure: Promise<void> | undefined;
      await inTransaction(context.store, async (db) => {
        await recordFailureIn(context, db, id, new HubError('client_secret_expired'));
        signInFailure = recordSignInFailure(context, id, new HubError('sign_in_declined'));
        // It reads what is there, or waits for what is being written.
        for (let turn = 0; turn < 5; turn += 1) await showConnection(postgres, id);
      });
      await signInFailure;
      expect((await showConnection(postgres, id)).status).toMatchObject({
        state: 'blocked',
        failure: { code: 'client_secret_expired' },
      });
    });

    it('says that a sign-in is needed where there was none', async () => {
      const { id } = await makeConnection(hub, { method: 'sign_in' });
      await recordSignInFailure(hub.context, id, new HubError('sign_in_declined'));
      expect((await read(id)).failure_state).toBe('needs_sign_in');
    });

    it('minds no connection that was deleted meanwhile', async () => {
      await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${connectionId}` });
      await expect(failSignIn()).resolves.toBeUndefined();
    });
  });

  it('is not kept of a connection that was deleted meanwhile', async () => {
    await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${connectionId}` });
    await expect(Promise.all([fail('crm_timeout'), proveByCrm(), proveByToken()])).resolves.toBeDefined();
  });
});
