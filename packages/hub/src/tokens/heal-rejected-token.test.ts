import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { entraError } from '../connections/testing/entra-answers.ts';
import { getAccessToken } from './get-access-token.ts';
import { healRejectedToken } from './heal-rejected-token.ts';

describe('healRejectedToken', () => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub();
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const heal = (token: string) => healRejectedToken(hub.context, connectionId, token);
  const get = () => getAccessToken(hub.context, connectionId);

  it('gets another token by one request, however many calls were rejected', async () => {
    const { accessToken } = await get();
    const healed = await Promise.all(Array.from({ length: 20 }, () => heal(accessToken)));
    expect(new Set(healed.map((token) => token.accessToken)).size).toBe(1);
    expect(healed[0]?.accessToken).not.toBe(accessToken);
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
    expect((await get()).accessToken).toBe(healed[0]?.accessToken);
  });

  it('asks nobody when the rejected token is not the stored one any more', async () => {
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

  it('says that a sign-in is needed where there is no refresh token', async () => {
    const { id } = await makeManualConnection(hub, { refreshToken: undefined });
    const { accessToken } = await getAccessToken(hub.context, id);
    await expect(healRejectedToken(hub.context, id, accessToken)).rejects.toMatchObject({
      code: 'connection_needs_sign_in',
      message:
        'Dynamics 365 does not accept the access token, and there is no refresh token to get another by.',
    });
  });
});
