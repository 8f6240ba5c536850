import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { readTokenState } from './read-token-state.ts';
import { refreshTokenSet } from './refresh-token-set.ts';

describe('refreshTokenSet', () => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub();
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const read = () => readTokenState(hub.context, connectionId);

  it('has stored the rotated refresh token before anyone sees the access token', async () => {
    const seen = await read();
    const refreshed = await refreshTokenSet(hub.context, seen, 'forced');
    expect((await read()).tokenSet).toEqual(refreshed.tokenSet);
    expect(refreshed.tokenSet.sealed_refresh_token).not.toBe(seen.tokenSet.sealed_refresh_token);
  });

  it.each(['due', 'rejected', 'forced'] as const)(
    'takes tokens that came between the reading and the lease (%s)',
    async (trigger) => {
      const old = await read();
      hub.clock.advance(7_200_000);
      const newer = await refreshTokenSet(hub.context, old, 'forced');
      expect((await refreshTokenSet(hub.context, old, trigger)).tokenSet.version).toBe(
        newer.tokenSet.version,
      );
      expect(hub.microsoft.tokenRequests()).toHaveLength(1);
    },
  );

  it('keeps nobody with a living token waiting for a refresh under way', async () => {
    const seen = await read();
    const underWay = refreshTokenSet(hub.context, seen, 'forced');
    expect(await refreshTokenSet(hub.context, seen, 'due')).toBe(seen);
    await underWay;
  });

  it('gives the lease back when the request fails', async () => {
    hub.microsoft.entra.fail('/token', { status: 503 });
    await expect(refreshTokenSet(hub.context, await read(), 'forced')).rejects.toMatchObject({
      code: 'token_endpoint_unavailable',
    });
    expect((await read()).tokenSet).toMatchObject({ lease_owner: null, lease_until: 0 });
  });
});
