import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  comeBack,
  createConnectionHub,
  makeManualConnection,
  openSignIn,
  showConnection,
  signIn,
} from '../connections/testing/create-connection-hub.ts';
import { entraError } from '../connections/testing/entra-answers.ts';
import { clientSecret } from '../connections/testing/scripted-microsoft.ts';
import type { Fault } from '../connections/testing/scripted-server.ts';
import { testEngines } from '../testing/test-database.ts';
import { getAccessToken } from './get-access-token.ts';
import { readTokenState } from './read-token-state.ts';
import { acquireLease } from './refresh-lease.ts';
import { connectionSecretPlace } from './resolve-token-client.ts';
import { storeRefreshedTokenSet } from './store-token-set.ts';

const hour = 3_600_000;
const leaseMilliseconds = 6000;

/** Another secret is there from one moment to the next, and nobody tries it yet. */
async function correctSecret({ context: { store, vault } }: ConnectionHub, id: string): Promise<void> {
  await store.db
    .updateTable('connections')
    .set({ sealed_client_secret: vault.seal(clientSecret, connectionSecretPlace(id)) })
    .where('id', '=', id)
    .execute();
}

/** What comes while a refresh is on its way, and the refusal that it then gets. */
describe.each(testEngines)('a refusal that is about the past, on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeManualConnection(hub)).id;
    hub.clock.advance(2 * hour);
  });
  afterEach(() => hub.close());

  const get = async () => getAccessToken(hub.context, connectionId);
  const status = async () => (await showConnection(hub, connectionId)).status;
  const requests = () =>
    hub.microsoft.tokenRequests().filter(({ form }) => form.get('grant_type') === 'refresh_token');

  /** The next refresh is refused by this fault, after something has happened meanwhile. */
  function refuseAfter(fault: Fault, happens: () => Promise<unknown>): void {
    const { outbound } = hub.context;
    const request = outbound.request.bind(outbound);
    outbound.request = async (...words) => {
      outbound.request = request;
      hub.microsoft.entra.fail('/token', fault);
      const answer = await request(...words);
      await happens();
      return answer;
    };
  }

  it('of an old grant changes nothing of a connection that was signed in meanwhile', async () => {
    refuseAfter(entraError(400, 'invalid_grant', 50173), () => signIn(hub, connectionId));
    const token = await get();
    expect(token.expiresAt).toBe(hub.clock.now() + hour);
    expect(await status()).toMatchObject({ state: 'ready', failure: null });
  });

  it('of an old grant is ended by the sign-in that comes after it', async () => {
    refuseAfter(entraError(400, 'invalid_grant', 50173), async () => undefined);
    await expect(get()).rejects.toMatchObject({ code: 'connection_needs_sign_in' });
    await signIn(hub, connectionId);
    await get();
    expect(await status()).toMatchObject({ state: 'ready', failure: null });
  });

  it('of an old grant changes nothing where one who had lost the lease has stored the next one', async () => {
    const lost = await acquireLease(hub.context, connectionId);
    if (!lost) throw new Error('No lease was given.');
    hub.clock.advance(leaseMilliseconds);
    const answer = {
      accessToken: hub.microsoft.accessToken(),
      refreshToken: 'the next one',
      expiresInSeconds: 3600,
    };
    refuseAfter(entraError(400, 'invalid_grant', 50173), () =>
      storeRefreshedTokenSet(hub.context, connectionId, answer, lost),
    );
    expect((await get()).accessToken).toBe(answer.accessToken);
    expect(await status()).toMatchObject({ failure: null });
  });

  it('of an old secret is asked again with the one that was corrected meanwhile', async () => {
    refuseAfter(entraError(401, 'invalid_client', 7000215), () => correctSecret(hub, connectionId));
    await get();
    expect(requests()).toHaveLength(2);
    expect(await status()).toMatchObject({ failure: null });
  });

  it('of an old secret holds nobody back once the corrected one is there', async () => {
    refuseAfter(entraError(401, 'invalid_client', 7000215), async () => undefined);
    await expect(get()).rejects.toMatchObject({ code: 'client_secret_wrong' });
    const payload = { clientSecret };
    await hub.inject({ method: 'PATCH', url: `/api/v1/connections/${connectionId}`, payload });
    await get();
    expect(await status()).toMatchObject({ failure: null });
  });

  it('of an old secret holds nobody back either where the connection was disabled when it was corrected', async () => {
    refuseAfter(entraError(401, 'invalid_client', 7000215), async () => undefined);
    await expect(get()).rejects.toMatchObject({ code: 'client_secret_wrong' });
    for (const payload of [{ disabled: true }, { clientSecret }, { disabled: false }]) {
      await hub.inject({ method: 'PATCH', url: `/api/v1/connections/${connectionId}`, payload });
    }
    await get();
    expect(await status()).toMatchObject({ failure: null });
  });

  it('that comes to a holder whose lease was lost turns nothing to failing', async () => {
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    refuseAfter({ status: 503 }, async () => {
      // The process was stopped meanwhile: its lease ended, and another process has refreshed.
      hub.clock.advance(leaseMilliseconds);
      await getAccessToken(other.context, connectionId);
    });
    const token = await get();
    await other.close();
    expect(token.version).toBe((await readTokenState(hub.context, connectionId)).tokenSet.version);
    expect(await status()).toMatchObject({ failure: null });
  });

  it('that came before the lease was lost is ended by the other process’s tokens', async () => {
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    refuseAfter({ status: 503 }, async () => undefined);
    await expect(get()).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
    expect(await status()).toMatchObject({ state: 'failing' });
    hub.clock.advance(leaseMilliseconds);
    const { version } = await getAccessToken(other.context, connectionId);
    await other.close();
    expect((await get()).version).toBe(version);
    expect(await status()).toMatchObject({ state: 'ready', failure: null });
  });

  it('that comes while another holds the lease says nothing; the other’s answer counts', async () => {
    refuseAfter({ status: 503 }, async () => {
      hub.clock.advance(leaseMilliseconds);
      await acquireLease(hub.context, connectionId);
    });
    const waiting = get();
    await expect(waiting).rejects.toMatchObject({
      message: 'Another process is still refreshing the tokens.',
    });
    expect(await status()).toMatchObject({ failure: null });
  });

  it.each<[string, Fault]>([
    ['refused', entraError(400, 'invalid_grant', 50173)],
    [
      'granted',
      () => ({ status: 200, body: { token_type: 'Bearer', access_token: hub.microsoft.accessToken() } }),
    ],
  ])(
    'leaves nothing of a connection that was deleted while a request was on its way, and then %s',
    async (_how, fault) => {
      refuseAfter(fault, () => hub.inject({ method: 'DELETE', url: `/api/v1/connections/${connectionId}` }));
      await expect(get()).rejects.toMatchObject({ code: 'connection_not_found' });
      const left = await Promise.all(
        (['connections', 'token_sets'] as const).map((table) =>
          hub.context.store.db.selectFrom(table).selectAll().execute(),
        ),
      );
      expect(left).toEqual([[], []]);
    },
  );

  it.each(['before', 'after'])(
    '%s a sign-in that was declined leaves a connection that comes back by itself',
    async (order) => {
      const decline = async () => {
        await comeBack(hub, await openSignIn(hub, connectionId), { error: 'access_denied' });
      };
      const fail = async () => {
        hub.microsoft.entra.fail('/token', { status: 503 });
        await expect(get()).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
      };
      for (const step of order === 'before' ? [fail, decline] : [decline, fail]) await step();
      expect(await status()).toMatchObject({
        state: 'failing',
        failure: { code: 'token_endpoint_unavailable' },
      });
      hub.clock.advance(1000);
      await get();
      expect(await status()).toMatchObject({ state: 'ready', failure: null });
    },
  );

  it('is none of a connection that was disabled meanwhile, which is enabled later', async () => {
    const change = (disabled: boolean) =>
      hub.inject({ method: 'PATCH', url: `/api/v1/connections/${connectionId}`, payload: { disabled } });
    refuseAfter({ status: 503 }, () => change(true));
    await get().catch(() => undefined);
    expect(await status()).toMatchObject({ state: 'disabled' });
    await change(false);
    hub.clock.advance(hour);
    await get();
    expect(await status()).toMatchObject({ state: 'ready', failure: null });
  });

  it('is not asked about for ever when each answer comes too late', async () => {
    const { outbound } = hub.context;
    const request = outbound.request.bind(outbound);
    outbound.request = async (...words) => {
      hub.microsoft.entra.fail('/token', entraError(401, 'invalid_client', 7000215));
      const answer = await request(...words);
      await correctSecret(hub, connectionId);
      return answer;
    };
    await expect(get()).rejects.toMatchObject({ code: 'client_secret_wrong' });
    expect(requests()).toHaveLength(3);
  });
});

/** What comes while a refresh is on its way, and the tokens that it then gets. */
describe.each(testEngines)('new tokens that come late, on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeManualConnection(hub)).id;
    hub.clock.advance(2 * hour);
  });
  afterEach(() => hub.close());

  const read = async () => (await readTokenState(hub.context, connectionId)).tokenSet;
  const get = async () => getAccessToken(hub.context, connectionId);

  /** The next answer for a token reaches the hub after something has happened. */
  function answerAfter(happens: () => Promise<unknown>): void {
    const { outbound } = hub.context;
    const request = outbound.request.bind(outbound);
    outbound.request = async (...words) => {
      outbound.request = request;
      const answer = await request(...words);
      await happens();
      return answer;
    };
  }

  it.each(['before', 'after'])('leave those of a sign-in that was finished %s them', async (order) => {
    let signedIn: Awaited<ReturnType<typeof read>> | undefined;
    const person = async () => {
      await signIn(hub, connectionId);
      signedIn = await read();
    };
    if (order === 'before') answerAfter(person);
    const { version } = await get();
    if (order === 'after') await person();
    expect(await read()).toEqual(signedIn);
    expect(version).toBe(order === 'before' ? signedIn?.version : (signedIn?.version ?? 0) - 1);
    expect((await get()).version).toBe(signedIn?.version);
    expect((await showConnection(hub, connectionId)).status).toMatchObject({ state: 'ready', failure: null });
  });

  it.each(['before', 'after'])(
    'of a process that was stopped for long are stored if they come %s another process asks',
    async (order) => {
      const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
      let another = 0;
      const ask = async () => {
        // The lease has ended meanwhile.
        hub.clock.advance(leaseMilliseconds);
        another = (await getAccessToken(other.context, connectionId)).version;
      };
      if (order === 'after') answerAfter(ask);
      const { version } = await get();
      if (order === 'before') await ask();
      await other.close();
      expect(another).toBe(version);
      expect((await read()).version).toBe(version);
      const sent = hub.microsoft
        .tokenRequests()
        .filter(({ form }) => form.get('grant_type') === 'refresh_token');
      expect(sent).toHaveLength(order === 'before' ? 1 : 2);
    },
  );

  it.each(['before', 'after'])('are good where the secret was corrected %s them', async (order) => {
    const correct = () => correctSecret(hub, connectionId);
    if (order === 'before') answerAfter(correct);
    const { version } = await get();
    if (order === 'after') await correct();
    expect((await get()).version).toBe(version);
    expect((await showConnection(hub, connectionId)).status).toMatchObject({ state: 'ready', failure: null });
  });

  it.each(['before', 'after'])('are not served where the connection was disabled %s them', async (order) => {
    const payload = { disabled: true };
    const disable = () =>
      hub.inject({ method: 'PATCH', url: `/api/v1/connections/${connectionId}`, payload });
    if (order === 'before') answerAfter(disable);
    const served = await get().catch((error: unknown) => error);
    if (order === 'after') await disable();
    expect(served).toMatchObject(order === 'before' ? { code: 'connection_disabled' } : { version: 1 });
    await expect(get()).rejects.toMatchObject({ code: 'connection_disabled' });
    // A rotated refresh token exists nowhere else.
    expect((await read()).version).toBe(1);
  });
});
