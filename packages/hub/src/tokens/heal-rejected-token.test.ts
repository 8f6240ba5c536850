import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { entraError } from '../connections/testing/entra-answers.ts';
import type { Fault } from '../connections/testing/scripted-server.ts';
import { HubError } from '../errors/hub-error.ts';
import { recordProof } from '../evidence/record-evidence.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import { countQueries } from '../testing/count-queries.ts';
import { testEngines } from '../testing/test-database.ts';
import { getAccessToken } from './get-access-token.ts';
import { healRejectedToken } from './heal-rejected-token.ts';
import { readTokenState } from './read-token-state.ts';
import { storeTokenSet } from './store-token-set.ts';

describe.each(testEngines)('healRejectedToken on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const heal = (token: string) => healRejectedToken(hub.context, connectionId, token);
  const get = () => getAccessToken(hub.context, connectionId);
  const getNow = async () => get();

  it('gets another token by one request, however many calls were rejected (lesson 11)', async () => {
    const { accessToken } = await get();
    const healed = await Promise.all(Array.from({ length: 20 }, () => heal(accessToken)));
    expect(new Set(healed.map((token) => token.accessToken)).size).toBe(1);
    expect(healed[0]?.accessToken).not.toBe(accessToken);
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
    expect((await get()).accessToken).toBe(healed[0]?.accessToken);
  });

  it('asks nobody when the rejected token is not the stored one any more (lesson 11)', async () => {
    const { accessToken } = await get();
    const healed = await heal(accessToken);
    expect((await heal(accessToken)).accessToken).toBe(healed.accessToken);
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('does not hand the rejected token out again when Microsoft refuses another', async () => {
    const { accessToken } = await get();
    hub.microsoft.entra.fail('/token', entraError(400, 'invalid_grant', 50173, 'bad_token'));
    await expect(heal(accessToken)).rejects.toMatchObject({ code: 'connection_needs_sign_in' });
    await expect(heal(accessToken)).rejects.toMatchObject({ code: 'connection_needs_sign_in' });
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it.each<[string, Fault, string]>([
    ['refuses another', entraError(400, 'invalid_grant', 50173, 'bad_token'), 'connection_needs_sign_in'],
    ['does not answer', { status: 503 }, 'token_endpoint_unavailable'],
  ])('serves the rejected token to nobody when Microsoft %s', async (_case, fault, code) => {
    const { accessToken } = await get();
    hub.microsoft.entra.fail('/token', fault);
    const underWay = heal(accessToken).catch(() => undefined);
    // Whoever asks before it is known that there is no other may still get the old one, and may remember it.
    await get();
    await underWay;
    await expect(getNow()).rejects.toMatchObject({ code });
    await expect(heal(accessToken)).rejects.toMatchObject({ code });
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('gets another token as soon as Microsoft answers again, though the rejected one had time left', async () => {
    const { accessToken } = await get();
    hub.microsoft.entra.fail('/token', { status: 503 });
    await expect(heal(accessToken)).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
    hub.clock.advance(1000);
    const another = await get();
    expect(another.accessToken).not.toBe(accessToken);
    expect(another.expiresAt).toBe(hub.clock.now() + 3_600_000);
  });

  it('serves it to nobody either where it is too early to ask Microsoft again', async () => {
    const { accessToken } = await get();
    hub.clock.advance(56 * 60_000);
    hub.microsoft.entra.fail('/token', { status: 503, headers: { 'retry-after': '60' } });
    expect((await get()).accessToken).toBe(accessToken);
    hub.clock.advance(1000);
    const healing = heal(accessToken);
    await Promise.all([
      getNow(),
      expect(healing).rejects.toMatchObject({ code: 'token_endpoint_unavailable' }),
    ]);
    await expect(getNow()).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('takes the tokens of a sign-in that was finished meanwhile, though the refresh failed', async () => {
    const { accessToken } = await get();
    const fresh = hub.microsoft.accessToken();
    hub.context.outbound.request = async () => {
      await storeTokenSet(hub.context, connectionId, {
        accessToken: fresh,
        refreshToken: 'fresh',
        expiresInSeconds: 3600,
      });
      throw new OutboundError('ECONNRESET', 'It was cut.');
    };
    expect((await heal(accessToken)).accessToken).toBe(fresh);
    const { tokenSet } = await readTokenState(hub.context, connectionId);
    expect(tokenSet.expires_at).toBe(hub.clock.now() + 3_600_000);
  });

  it('ends no token because of a mistake of the hub’s', async () => {
    const { accessToken } = await get();
    hub.context.outbound.request = () => Promise.reject(new TypeError('A mistake of ours.'));
    await expect(heal(accessToken)).rejects.toThrow(TypeError);
    expect((await get()).accessToken).toBe(accessToken);
  });

  it('ends no token but the rejected one', async () => {
    const rejected = await get();
    const { id } = await makeManualConnection(hub);
    const other = await getAccessToken(hub.context, id);
    hub.microsoft.entra.fail('/token', { status: 503 });
    await heal(rejected.accessToken).catch(() => undefined);
    hub.clock.advance(1000);
    expect(await getAccessToken(hub.context, id)).toMatchObject({ answer: other.answer });
  });

  it('reads the database once for a thousand calls that were rejected after another process has refreshed', async () => {
    const { accessToken } = await get();
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    const healed = await healRejectedToken(other.context, connectionId, accessToken);
    await other.close();
    const queries = countQueries(hub.context.store);
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => heal(accessToken)));
    expect(new Set(tokens.map((token) => token.accessToken))).toEqual(new Set([healed.accessToken]));
    expect(queries()).toBe(1);
  });

  it('asks nobody, not even the database, where another token was checked a moment ago', async () => {
    const { accessToken } = await get();
    const healed = await heal(accessToken);
    await get();
    const queries = countQueries(hub.context.store);
    expect((await heal(accessToken)).accessToken).toBe(healed.accessToken);
    expect(queries()).toBe(0);
  });

  it('hands the rejected token to nobody any more once another process has another', async () => {
    const { accessToken } = await get();
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    const healed = await healRejectedToken(other.context, connectionId, accessToken);
    await other.close();
    await heal(accessToken);
    expect((await get()).accessToken).toBe(healed.accessToken);
  });

  describe('where the environment goes on refusing fresh tokens', () => {
    const minute = 60_000;
    const requests = () => hub.microsoft.tokenRequests().length;

    /** The environment refuses whatever token there is. */
    async function reject(on = hub) {
      const { accessToken } = await getAccessToken(on.context, connectionId);
      return healRejectedToken(on.context, connectionId, accessToken);
    }

    it('asks Microsoft ever later for the next one, and says when (AADSTS50196)', async () => {
      await reject();
      const waits: number[] = [];
      for (let round = 0; round < 6; round += 1) {
        const asked = requests();
        const refused = await reject().catch((error: unknown) => error);
        expect(refused).toMatchObject({
          code: 'crm_refused',
          message: expect.stringContaining(`${round + 1} in a row`),
        });
        if (!(refused instanceof HubError)) throw refused;
        const wait = refused.options.retryAfterMilliseconds ?? 0;
        waits.push(wait / minute);
        hub.clock.advance(wait - 1);
        await expect(reject()).rejects.toMatchObject({ code: 'crm_refused' });
        expect(requests()).toBe(asked);
        hub.clock.advance(1);
        await reject();
        expect(requests()).toBe(asked + 1);
      }
      expect(waits).toEqual([1, 2, 4, 8, 16, 32]);
      await expect(reject()).rejects.toMatchObject({ options: { retryAfterMilliseconds: 60 * minute } });
    });

    it('lets the token be tried meanwhile, and heals at once again when it was accepted', async () => {
      const healed = await reject();
      await expect(reject()).rejects.toMatchObject({ code: 'crm_refused' });
      expect((await get()).accessToken).toBe(healed.accessToken);
      await recordProof(hub.context, connectionId);
      expect((await reject()).accessToken).not.toBe(healed.accessToken);
    });

    it('counts over processes', async () => {
      await reject();
      const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
      await expect(reject(other)).rejects.toMatchObject({ code: 'crm_refused' });
      await other.close();
      expect(requests()).toBe(1);
    });

    it('begins anew with another sign-in', async () => {
      await reject();
      const accessToken = hub.microsoft.accessToken();
      await storeTokenSet(hub.context, connectionId, {
        accessToken,
        refreshToken: 'new',
        expiresInSeconds: 3600,
      });
      await reject();
      expect(requests()).toBe(2);
    });

    it('counts no refresh that was made ahead of the end', async () => {
      hub.clock.advance(56 * minute);
      await get();
      await reject();
      expect(requests()).toBe(2);
    });
  });

  it('gives nothing of a disabled connection', async () => {
    const { accessToken } = await get();
    await hub.inject({
      method: 'PATCH',
      url: `/api/v1/connections/${connectionId}`,
      payload: { disabled: true },
    });
    await expect(heal(accessToken)).rejects.toMatchObject({ code: 'connection_disabled' });
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });

  it('says that a sign-in is needed where there is no refresh token', async () => {
    const { id } = await makeManualConnection(hub, { refreshToken: undefined });
    const { accessToken } = await getAccessToken(hub.context, id);
    await expect(healRejectedToken(hub.context, id, accessToken)).rejects.toMatchObject({
      code: 'connection_needs_sign_in',
      message:
        'Dynamics 365 does not accept the access token, and there is no refresh token to get another by.',
    });
    // There is nothing else to serve, and the CRM may have been wrong.
    expect((await getAccessToken(hub.context, id)).accessToken).toBe(accessToken);
  });
});
