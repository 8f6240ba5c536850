import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  showConnection,
} from '../connections/testing/create-connection-hub.ts';
import { entraError } from '../connections/testing/entra-answers.ts';
import { clientSecret } from '../connections/testing/scripted-microsoft.ts';
import type { Fault } from '../connections/testing/scripted-server.ts';
import { countQueries } from '../testing/count-queries.ts';
import { testEngines } from '../testing/test-database.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { refreshDueAt } from './decide-refresh.ts';
import { getAccessToken } from './get-access-token.ts';
import { readTokenState } from './read-token-state.ts';
import { acquireLease } from './refresh-lease.ts';
import { storeTokenSet } from './store-token-set.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe.each(testEngines)('getAccessToken on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const get = async () => getAccessToken(hub.context, connectionId);
  const requests = () => hub.microsoft.tokenRequests();
  const failNextTokenRequest = (...faults: Fault[]) => hub.microsoft.entra.fail('/token', ...faults);
  const failure = () => get().then(String, (error: Error & { code: string }) => error.code);

  it('serves the stored token while it is fresh', async () => {
    const token = await get();
    hub.clock.advance(50 * minute);
    expect(await get()).toMatchObject({
      accessToken: token.accessToken,
      environmentUrl: hub.microsoft.crm.origin,
    });
    expect(requests()).toHaveLength(0);
  });

  it('refreshes ahead of the end, with the scope and the newest refresh token (lesson 6)', async () => {
    const before = await get();
    hub.clock.advance(56 * minute);
    const after = await get();
    expect(after.accessToken).not.toBe(before.accessToken);
    expect(after.expiresAt).toBe(hub.clock.now() + hour);
    hub.clock.advance(hour);
    await get();
    const scope = `${hub.microsoft.crm.origin}/user_impersonation offline_access openid profile`;
    expect(requests().map(({ form }) => Object.fromEntries(form))).toMatchObject([
      {
        grant_type: 'refresh_token',
        refresh_token: 'first-refresh-token',
        scope,
        client_secret: clientSecret,
      },
      { refresh_token: 'refresh-token-2' },
    ]);
  });

  it('asks once for fifty callers of an ended token', async () => {
    hub.clock.advance(2 * hour);
    const tokens = await Promise.all(Array.from({ length: 50 }, get));
    expect(requests()).toHaveLength(1);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
  });

  it('reads the database once for a thousand callers, and not at all within a second of that', async () => {
    hub.clock.advance(second);
    const reads = countQueries(hub.context.store);
    const tokens = await Promise.all(Array.from({ length: 1000 }, get));
    expect(reads()).toBe(1);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    await Promise.all(Array.from({ length: 1000 }, get));
    expect(reads()).toBe(1);
    hub.clock.advance(second);
    await Promise.all(Array.from({ length: 1000 }, get));
    expect(reads()).toBe(2);
  });

  it('reads no more often for a thousand callers of an ended token than for one', async () => {
    hub.clock.advance(2 * hour);
    const queries = countQueries(hub.context.store);
    await get();
    const ofOne = queries();
    hub.clock.advance(2 * hour);
    await Promise.all(Array.from({ length: 1000 }, get));
    expect(queries()).toBe(2 * ofOne);
  });

  it('asks once for the callers of two processes on one database (lesson 1)', async () => {
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    hub.clock.advance(2 * hour);
    const tokens = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        getAccessToken(index % 2 ? hub.context : other.context, connectionId),
      ),
    );
    await other.close();
    expect(requests()).toHaveLength(1);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
  });

  it('sees within a second that another process has refreshed', async () => {
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    const before = await get();
    await other.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/refresh` });
    await other.close();
    hub.clock.advance(999);
    expect((await get()).accessToken).toBe(before.accessToken);
    hub.clock.advance(1);
    expect((await get()).accessToken).not.toBe(before.accessToken);
  });

  it.each([
    ['disabled', { method: 'PATCH', payload: { disabled: true } }, 'connection_disabled'],
    ['deleted', { method: 'DELETE' }, 'connection_not_found'],
  ] as const)(
    'stops at once when the connection is %s here, within a second when elsewhere',
    async (_what, change, code) => {
      const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
      const getThere = async () => getAccessToken(other.context, connectionId);
      const { accessToken } = await get();
      await getThere();
      const answer = await hub.inject({ ...change, url: `/api/v1/connections/${connectionId}` });
      expect(answer.statusCode).toBeLessThan(300);
      expect(await failure()).toBe(code);
      hub.clock.advance(999);
      expect((await getThere()).accessToken).toBe(accessToken);
      hub.clock.advance(1);
      await expect(getThere()).rejects.toMatchObject({ code });
      await other.close();
    },
  );

  it.each([
    ['is refreshed', 2 * hour, undefined],
    ['is not refreshed for a failure', 56 * minute, { status: 503 }],
  ])('hands out nothing of a connection that is disabled while its token %s', async (_what, age, fault) => {
    hub.clock.advance(age);
    failNextTokenRequest(async () => {
      const url = `/api/v1/connections/${connectionId}`;
      await hub.inject({ method: 'PATCH', url, payload: { disabled: true } });
      const body = { token_type: 'Bearer', expires_in: 3600, access_token: hub.microsoft.accessToken() };
      return fault ?? { status: 200, body };
    });
    expect(await failure()).toBe('connection_disabled');
  });

  it('keeps the stored refresh token when the answer brings none', async () => {
    hub.microsoft.answer = { refresh_token: undefined };
    for (let round = 0; round < 2; round += 1) {
      hub.clock.advance(2 * hour);
      await get();
    }
    expect(requests().map(({ form }) => form.get('refresh_token'))).toEqual([
      'first-refresh-token',
      'first-refresh-token',
    ]);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['a number', { expires_in: 1800 }, 1800 * second],
    ['v1’s text', { expires_in: '1800' }, 1800 * second],
    ['nothing: an hour', { expires_in: undefined }, hour],
    ['nonsense: an hour', { expires_in: 'soon' }, hour],
    ['null: an hour', { expires_in: null, id_token: 'no.jwt', refresh_token: null }, hour],
  ])('takes the life of a token from %s', async (_case, answer, life) => {
    hub.microsoft.answer = answer;
    hub.clock.advance(2 * hour);
    expect((await get()).expiresAt).toBe(hub.clock.now() + life);
  });

  it('takes the life of a token from the token when the answer does not say', async () => {
    const end = hub.clock.now() + 5 * hour;
    hub.microsoft.answer = { expires_in: undefined };
    hub.microsoft.claims = { exp: end / second };
    hub.clock.advance(2 * hour);
    expect((await get()).expiresAt).toBe(end);
  });

  it('takes the end that a token tells itself by the authority’s clock', async () => {
    const ahead = 10 * minute;
    hub.clock.advance(2 * hour);
    failNextTokenRequest(() => {
      const now = hub.clock.now() + ahead;
      hub.microsoft.claims = { exp: (now + hour) / second };
      const body = { token_type: 'Bearer', access_token: hub.microsoft.accessToken() };
      return { status: 200, headers: { date: new Date(now).toUTCString() }, body };
    });
    const { expiresAt } = await get();
    expect(Math.abs(expiresAt - hub.clock.now() - hour)).toBeLessThanOrEqual(500);
  });

  it('does not ask at each call where the hub’s clock is hours ahead', async () => {
    const issued = hub.clock.now() / second;
    hub.microsoft.claims = { iat: issued, exp: issued + hour / second };
    hub.clock.advance(4 * hour);
    for (const wait of [0, 1, 40]) {
      hub.clock.advance(wait * 60 * second);
      await get();
    }
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  describe('for a caller whose work takes long', () => {
    const getFor = async (minutes: number) => getAccessToken(hub.context, connectionId, minutes * minute);

    it('is the stored one where it lives long enough', async () => {
      const before = await get();
      hub.clock.advance(15 * minute);
      expect((await getFor(45)).accessToken).toBe(before.accessToken);
      expect(requests()).toHaveLength(0);
    });

    it('is refreshed early, once for all such callers, while others go on with the old one', async () => {
      const before = await get();
      hub.clock.advance(15 * minute + 1);
      // Remembered a moment ago, and too short-lived for those who come now.
      await get();
      const [token, old] = await Promise.all([
        getFor(45),
        get(),
        ...Array.from({ length: 50 }, () => getFor(45)),
      ]);
      expect(token.expiresAt).toBe(hub.clock.now() + hour);
      expect(old.accessToken).toBe(before.accessToken);
      expect((await getFor(45)).accessToken).toBe(token.accessToken);
      expect(requests()).toHaveLength(1);
    });

    it('can’t be had where Microsoft gives none that lives so long, and is not asked for at each call', async () => {
      hub.clock.advance(2 * hour);
      for (let round = 0; round < 3; round += 1) {
        await expect(getFor(61)).rejects.toMatchObject({
          code: 'token_life_too_short',
          message:
            'The access token lives for another 3600 s, not 3660 s. Microsoft gave it for 3600 s, 0 s ago.',
        });
      }
      expect(requests()).toHaveLength(1);
      await get();
    });

    it('can’t be had without a refresh token', async () => {
      const { id } = await makeManualConnection(hub, { refreshToken: undefined });
      hub.clock.advance(30 * minute);
      const url = `/api/v1/connections/${id}/token?minimumLifeSeconds=1801`;
      const answer = await hub.inject({ method: 'GET', url });
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({
        code: 'token_life_too_short',
        detail:
          'The access token lives for another 1800 s, not 1801 s. There is no refresh token to get another by.',
      });
    });

    it('is not the old one when the refresh fails, though that lives', async () => {
      hub.clock.advance(30 * minute);
      failNextTokenRequest({ status: 503 });
      await expect(getFor(45)).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
      await expect(getFor(45)).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
      await get();
      expect(requests()).toHaveLength(1);
    });

    it.each(['-1', '86401', '1.5', 'long'])('is refused for %s seconds', async (seconds) => {
      const url = `/api/v1/connections/${connectionId}/token?minimumLifeSeconds=${seconds}`;
      expect((await hub.inject({ method: 'GET', url })).json()).toMatchObject({ code: 'invalid_body' });
    });
  });

  describe('when the refresh fails for now', () => {
    it.each<[string, Fault, string]>([
      ['a page of a proxy', { status: 200, body: '<html>Login</html>' }, 'token_endpoint_nonsense'],
      [
        'an answer without a token',
        { status: 200, body: { token_type: 'Bearer' } },
        'token_endpoint_nonsense',
      ],
      ['an answer that is cut off', 'cut_off', 'token_endpoint_unavailable'],
      ['a 500', { status: 500, body: 'oops' }, 'token_endpoint_unavailable'],
      ['a 500 with an OAuth error', entraError(500, 'invalid_grant', 50173), 'token_endpoint_unavailable'],
    ])('by %s: says so, keeps the refresh token, and works again', async (_case, fault, code) => {
      hub.clock.advance(2 * hour);
      failNextTokenRequest(fault);
      expect(await failure()).toBe(code);
      expect((await showConnection(hub, connectionId)).status).toMatchObject({
        state: 'failing',
        failure: { code },
        nextTryAt: expect.any(String),
      });
      hub.clock.advance(minute);
      await get();
      expect(requests().map(({ form }) => form.get('refresh_token'))).toEqual([
        'first-refresh-token',
        'first-refresh-token',
      ]);
    });

    it('by silence: says so once its time is over', async () => {
      hub.clock.advance(2 * hour);
      const timers = createTestTimers();
      const { startTimer } = timers;
      const impatient = await createConnectionHub({ engine, beside: hub, clock: hub.clock, startTimer });
      failNextTokenRequest('silence');
      void hub.microsoft.entra.nextSilence().then(() => timers.pass(20 * second));
      const failing = (async () => getAccessToken(impatient.context, connectionId))();
      await expect(failing).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
      await impatient.close();
      expect((await showConnection(hub, connectionId)).status.state).toBe('failing');
    });

    it('serves the old token while it lives, and does not ask again at once (lesson 2)', async () => {
      const before = await get();
      hub.clock.advance(56 * minute);
      failNextTokenRequest({ status: 503 });
      expect((await get()).accessToken).toBe(before.accessToken);
      expect((await get()).accessToken).toBe(before.accessToken);
      expect(requests()).toHaveLength(1);
      expect((await showConnection(hub, connectionId)).status.state).toBe('failing');
      hub.clock.advance(2 * second);
      expect((await get()).accessToken).not.toBe(before.accessToken);
      expect((await showConnection(hub, connectionId)).status.state).toBe('ready');
    });

    it('honours Retry-After (lesson 2)', async () => {
      hub.clock.advance(2 * hour);
      failNextTokenRequest({ status: 429, headers: { 'retry-after': '90' } });
      await failure();
      hub.clock.advance(89 * second);
      expect(await failure()).toBe('token_endpoint_unavailable');
      expect(requests()).toHaveLength(1);
      hub.clock.advance(second);
      await get();
    });

    it('tells each caller when the next try is, the first one and those who come later', async () => {
      hub.clock.advance(2 * hour);
      failNextTokenRequest({ status: 429, headers: { 'retry-after': '90' } });
      const url = `/api/v1/connections/${connectionId}/token`;
      const waits: unknown[] = [];
      for (const waited of [0, 30.5 * second, 0]) {
        hub.clock.advance(waited);
        const { statusCode, headers } = await hub.inject({ method: 'GET', url });
        waits.push([statusCode, headers['retry-after']]);
      }
      expect(waits).toEqual([
        [503, '90'],
        [503, '60'],
        [503, '60'],
      ]);
      expect(requests()).toHaveLength(1);
    });

    it('waits longer with each failed try', async () => {
      hub.clock.advance(2 * hour);
      const waits: number[] = [];
      for (let tries = 0; tries < 12; tries += 1) {
        failNextTokenRequest({ status: 503 });
        await failure();
        const { connection } = await readTokenState(hub.context, connectionId);
        waits.push((connection.next_try_at ?? 0) - hub.clock.now());
        hub.clock.advance(waits.at(-1) ?? 0);
      }
      expect(requests()).toHaveLength(12);
      expect(waits[0]).toBeLessThanOrEqual(second);
      expect(waits[3]).toBeGreaterThanOrEqual(4 * second);
      expect(Math.max(...waits)).toBeLessThanOrEqual(5 * minute);
    });
  });

  describe('when Microsoft refuses', () => {
    it.each<[string, Fault, string, string, string]>([
      [
        'a revoked sign-in (50173)',
        entraError(400, 'invalid_grant', 50173, 'bad_token'),
        'connection_needs_sign_in',
        'needs_sign_in',
        'user',
      ],
      [
        'a wrong secret (7000215)',
        entraError(401, 'invalid_client', 7000215),
        'client_secret_wrong',
        'blocked',
        'administrator',
      ],
      [
        'an ended secret (7000222)',
        entraError(401, 'invalid_client', 7000222),
        'client_secret_expired',
        'blocked',
        'administrator',
      ],
      [
        'withdrawn consent (65001)',
        entraError(400, 'invalid_grant', 65001, 'consent_required'),
        'consent_required',
        'needs_sign_in',
        'user',
      ],
    ])('%s: remembers it and asks no more', async (_case, fault, code, state, whoActs) => {
      hub.clock.advance(2 * hour);
      failNextTokenRequest(fault);
      expect(await failure()).toBe(code);
      hub.clock.advance(24 * hour);
      expect(await failure()).toBe(code);
      expect(requests()).toHaveLength(1);
      expect((await showConnection(hub, connectionId)).status).toMatchObject({
        state,
        whoActs,
        failure: { code, remote: { code: expect.stringMatching(/^AADSTS/), traceId: expect.any(String) } },
      });
      const { tokenSet } = await readTokenState(hub.context, connectionId);
      expect(tokenSet.sealed_refresh_token).not.toBeNull();
    });

    it('serves the old token until its end: Microsoft does not take it back', async () => {
      const before = await get();
      hub.clock.advance(56 * minute);
      failNextTokenRequest(entraError(400, 'invalid_grant', 50173, 'bad_token'));
      expect((await get()).accessToken).toBe(before.accessToken);
      expect((await showConnection(hub, connectionId)).status.state).toBe('needs_sign_in');
      hub.clock.advance(4 * minute);
      expect(await failure()).toBe('connection_needs_sign_in');
      expect(requests()).toHaveLength(1);
    });

    it('asks again on a person’s explicit wish', async () => {
      hub.clock.advance(2 * hour);
      failNextTokenRequest(entraError(401, 'invalid_client', 7000222));
      await failure();
      const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/refresh` });
      expect(answer.statusCode).toBe(200);
      expect((await get()).expiresAt).toBe(hub.clock.now() + hour);
    });

    it('goes on with a new secret', async () => {
      hub.clock.advance(2 * hour);
      failNextTokenRequest(entraError(401, 'invalid_client', 7000222));
      await failure();
      const change = {
        method: 'PATCH',
        url: `/api/v1/connections/${connectionId}`,
        payload: { clientSecret },
      } as const;
      expect((await hub.inject(change)).json()).toMatchObject({ status: { state: 'ready' } });
    });
  });

  describe('when the new token is for something else', () => {
    const oddPause = minute;
    const beOdd = () => {
      hub.microsoft.claims = { aud: 'https://graph.microsoft.com' };
    };
    const status = async () => (await showConnection(hub, connectionId)).status;

    it('never hands it out, and says what it is for (lesson 7)', async () => {
      beOdd();
      hub.clock.advance(2 * hour);
      expect(await failure()).toBe('token_not_for_environment');
      expect(await failure()).toBe('token_not_for_environment');
      expect(requests()).toHaveLength(1);
      expect(await status()).toMatchObject({
        state: 'failing',
        reason: `The token is for https://graph.microsoft.com; it has to be for ${hub.microsoft.crm.origin}.`,
        nextTryAt: new Date(hub.clock.now() + oddPause).toISOString(),
      });
    });

    it('goes on with the old one while it lives, and with the refresh token that came with the other', async () => {
      const before = await get();
      hub.clock.advance(56 * minute);
      beOdd();
      expect((await get()).accessToken).toBe(before.accessToken);
      expect((await status()).state).toBe('failing');
      hub.microsoft.claims = {};
      hub.clock.advance(oddPause);
      expect((await get()).accessToken).not.toBe(before.accessToken);
      expect(await status()).toMatchObject({ state: 'ready', failure: null });
      expect(requests().map(({ form }) => form.get('refresh_token'))).toEqual([
        'first-refresh-token',
        'refresh-token-2',
      ]);
    });

    it('takes that for lasting after five in a row, minutes apart, and asks no more', async () => {
      beOdd();
      hub.clock.advance(2 * hour);
      const states: string[] = [];
      for (let round = 0; round < 7; round += 1) {
        expect(await failure()).toBe('token_not_for_environment');
        states.push((await status()).state);
        hub.clock.advance(oddPause);
      }
      expect(states).toEqual([
        ...Array.from({ length: 4 }, () => 'failing'),
        ...Array.from({ length: 3 }, () => 'needs_sign_in'),
      ]);
      expect(requests()).toHaveLength(5);
    });

    it('counts only those in a row', async () => {
      beOdd();
      hub.clock.advance(2 * hour);
      for (let round = 0; round < 9; round += 1) {
        if (round === 3) failNextTokenRequest({ status: 503 });
        await failure();
        hub.clock.advance(10 * minute);
        expect((await status()).state).toBe(round < 8 ? 'failing' : 'needs_sign_in');
      }
    });

    it('keeps the refresh token that came with it also where the lease was lost meanwhile', async () => {
      beOdd();
      hub.clock.advance(2 * hour);
      const { outbound } = hub.context;
      const request = outbound.request.bind(outbound);
      outbound.request = async (...words) => {
        outbound.request = request;
        const answer = await request(...words);
        hub.clock.advance(6 * second);
        await acquireLease(hub.context, connectionId);
        return answer;
      };
      expect(await failure()).toBe('token_endpoint_unavailable');
      expect((await status()).failure).toBeNull();
      hub.microsoft.claims = {};
      hub.clock.advance(6 * second);
      await get();
      expect(requests().at(-1)?.form.get('refresh_token')).toBe('refresh-token-2');
    });

    it('keeps the refresh token that came with it while the database is away', async () => {
      beOdd();
      hub.clock.advance(2 * hour);
      const { vault } = hub.context;
      let timesAway = 3;
      hub.context.vault = {
        ...vault,
        seal(...words) {
          timesAway -= 1;
          if (timesAway >= 0)
            throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
          return vault.seal(...words);
        },
      };
      expect(await failure()).toBe('token_not_for_environment');
      expect((await status()).state).toBe('failing');
      hub.microsoft.claims = {};
      hub.clock.advance(oddPause);
      await get();
      expect(requests().map(({ form }) => form.get('refresh_token'))).toEqual([
        'first-refresh-token',
        'refresh-token-2',
      ]);
    });

    it('takes nothing of it where a sign-in came meanwhile', async () => {
      hub.clock.advance(2 * hour);
      const { outbound } = hub.context;
      const request = outbound.request.bind(outbound);
      beOdd();
      outbound.request = async (...words) => {
        outbound.request = request;
        const answer = await request(...words);
        hub.microsoft.claims = {};
        const accessToken = hub.microsoft.accessToken();
        await storeTokenSet(hub.context, connectionId, {
          accessToken,
          refreshToken: 'of-the-sign-in',
          expiresInSeconds: 3600,
        });
        return answer;
      };
      expect((await get()).expiresAt).toBe(hub.clock.now() + hour);
      hub.clock.advance(2 * hour);
      await get();
      expect(requests().at(-1)?.form.get('refresh_token')).toBe('of-the-sign-in');
    });

    it('is lasting at once for a connection that was never proven', async () => {
      await hub.context.store.db.updateTable('connections').set({ last_proven_at: null }).execute();
      beOdd();
      hub.clock.advance(2 * hour);
      expect(await failure()).toBe('token_not_for_environment');
      expect((await status()).state).toBe('needs_sign_in');
      hub.clock.advance(hour);
      expect(await failure()).toBe('token_not_for_environment');
      expect(requests()).toHaveLength(1);
    });
  });

  it('asks for an application’s token anew, with /.default', async () => {
    const { id } = await makeConnection(hub, { method: 'client_credentials', clientSecret });
    hub.clock.advance(2 * hour);
    await getAccessToken(hub.context, id);
    const scope = `${hub.microsoft.crm.origin}/.default`;
    expect(requests().map(({ form }) => Object.fromEntries(form))).toMatchObject([
      { grant_type: 'client_credentials', scope },
      { grant_type: 'client_credentials', scope },
    ]);
  });

  it('sends the resource to a v1 token URL (lesson 6)', async () => {
    const tokenUrl = `${hub.microsoft.entra.origin}/common/oauth2/token`;
    const { id } = await makeManualConnection(hub, { tokenUrl });
    hub.clock.advance(2 * hour);
    await getAccessToken(hub.context, id);
    const [request] = requests();
    expect(request).toMatchObject({ path: '/common/oauth2/token' });
    expect(request?.form.get('resource')).toBe(hub.microsoft.crm.origin);
    expect(request?.form.has('scope')).toBe(false);
  });

  it('takes no lease and asks nobody where there is nothing to refresh', async () => {
    const fence = async () => (await readTokenState(hub.context, connectionId)).tokenSet.lease_fence;
    const before = await fence();
    await get();
    hub.clock.advance(2 * hour);
    failNextTokenRequest(entraError(400, 'invalid_grant', 50173, 'bad_token'));
    expect(await failure()).toBe('connection_needs_sign_in');
    expect(await fence()).toBe(before + 1);
    expect(await failure()).toBe('connection_needs_sign_in');
    expect(await fence()).toBe(before + 1);
  });

  it('opens a token once, and comes at once within a second of the last look', async () => {
    await get();
    const opening = vi.spyOn(hub.context.vault, 'open');
    hub.clock.advance(second);
    expect(getAccessToken(hub.context, connectionId)).toBeInstanceOf(Promise);
    await get();
    hub.clock.advance(999);
    expect(getAccessToken(hub.context, connectionId)).not.toBeInstanceOf(Promise);
    expect(opening).not.toHaveBeenCalled();
  });

  it('is judged anew the moment that it is due, however short ago that was looked at', async () => {
    const { connection, tokenSet } = await readTokenState(hub.context, connectionId);
    const dueAt = refreshDueAt({
      obtainedAt: tokenSet.obtained_at,
      expiresAt: tokenSet.expires_at,
      accessTokenDigest: tokenSet.access_token_digest,
    });
    hub.clock.advance((dueAt ?? 0) - hub.clock.now() - 500);
    const before = await get();
    hub.clock.advance(499);
    expect(getAccessToken(hub.context, connection.id)).toMatchObject({ accessToken: before.accessToken });
    expect(requests()).toHaveLength(0);
    hub.clock.advance(1);
    expect((await get()).accessToken).not.toBe(before.accessToken);
  });

  it('that is served though it is due is served to its last millisecond, and no longer', async () => {
    const before = await get();
    hub.clock.advance(hour - 500);
    failNextTokenRequest({ status: 503, headers: { 'retry-after': '60' } });
    expect((await get()).accessToken).toBe(before.accessToken);
    // What was found with a refresh on the way is not remembered; what is found now is.
    await get();
    hub.clock.advance(499);
    expect(getAccessToken(hub.context, connectionId)).toMatchObject({ accessToken: before.accessToken });
    hub.clock.advance(1);
    expect(await failure()).toBe('token_endpoint_unavailable');
    expect(requests()).toHaveLength(1);
  });

  it('hides no mistake of the hub’s behind a token that lives', async () => {
    await get();
    hub.clock.advance(56 * minute);
    hub.context.outbound.request = () => Promise.reject(new TypeError('A mistake of ours.'));
    await expect(get()).rejects.toThrow(TypeError);
  });

  it('lends the changed timeout, though the token is the same', async () => {
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    expect((await get()).requestTimeoutSeconds).toBe(20);
    const change = (requestTimeoutSeconds: number) =>
      hub.inject({
        method: 'PATCH',
        url: `/api/v1/connections/${connectionId}`,
        payload: { requestTimeoutSeconds },
      });
    const before = await getAccessToken(other.context, connectionId);
    await change(7);
    expect((await get()).requestTimeoutSeconds).toBe(7);
    hub.clock.advance(second);
    const after = await getAccessToken(other.context, connectionId);
    await other.close();
    expect(after).toMatchObject({ requestTimeoutSeconds: 7, accessToken: before.accessToken });
  });

  it('gives nothing of a disabled connection', async () => {
    const url = `/api/v1/connections/${connectionId}`;
    await hub.inject({ method: 'PATCH', url, payload: { disabled: true } });
    expect(await failure()).toBe('connection_disabled');
    await hub.inject({ method: 'PATCH', url, payload: { disabled: false } });
    await get();
  });

  it('writes no token and no secret into the log or the database in clear', async () => {
    const { accessToken } = await get();
    const tables = await Promise.all([
      hub.context.store.db.selectFrom('connections').selectAll().execute(),
      hub.context.store.db.selectFrom('token_sets').selectAll().execute(),
    ]);
    const written = `${hub.logLines.join('')}${JSON.stringify(tables)}`;
    for (const secret of [accessToken, 'first-refresh-token', clientSecret])
      expect(written).not.toContain(secret);
  });
});
