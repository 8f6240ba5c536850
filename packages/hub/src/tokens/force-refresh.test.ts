import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { entraError } from '../connections/testing/entra-answers.ts';
import { forceRefresh } from './force-refresh.ts';

let hub: ConnectionHub;

beforeEach(async () => {
  hub = await createConnectionHub();
});
afterEach(() => hub.close());

it('asks for new tokens though the old one is fresh', async () => {
  const { id } = await makeManualConnection(hub);
  const { tokenSet } = await forceRefresh(hub.context, id);
  expect(tokenSet.version).toBe(1);
  expect(hub.microsoft.tokenRequests()).toHaveLength(1);
});

it('asks again though Microsoft has refused, and though it is too early for anybody else', async () => {
  const { id } = await makeManualConnection(hub);
  const refusal = entraError(400, 'invalid_grant', 50173, 'bad_token');
  hub.microsoft.entra.fail('/token', refusal, { status: 503 });
  for (const code of ['connection_needs_sign_in', 'token_endpoint_unavailable'])
    await expect(forceRefresh(hub.context, id)).rejects.toMatchObject({ code });
  const { tokenSet } = await forceRefresh(hub.context, id);
  expect(tokenSet.version).toBe(1);
  expect(hub.microsoft.tokenRequests()).toHaveLength(3);
});

it('asks for nothing on behalf of a disabled connection', async () => {
  const { id } = await makeManualConnection(hub);
  await hub.inject({ method: 'PATCH', url: `/api/v1/connections/${id}`, payload: { disabled: true } });
  await expect(forceRefresh(hub.context, id)).rejects.toMatchObject({ code: 'connection_disabled' });
  expect(hub.microsoft.tokenRequests()).toHaveLength(0);
});

it('asks for nothing where there is no refresh token: not even for a token of the application’s own', async () => {
  const { id } = await makeManualConnection(hub, { refreshToken: undefined });
  await expect(forceRefresh(hub.context, id)).rejects.toMatchObject({ code: 'connection_needs_sign_in' });
  const { id: unsigned } = await makeConnection(hub, { method: 'sign_in' });
  await expect(forceRefresh(hub.context, unsigned)).rejects.toMatchObject({
    code: 'connection_needs_sign_in',
    message: 'No sign-in has been finished for this connection yet.',
  });
  expect(hub.microsoft.tokenRequests()).toHaveLength(0);
});

it('says so when the new token is for something else', async () => {
  const { id } = await makeManualConnection(hub);
  hub.microsoft.claims = { aud: 'https://graph.microsoft.com' };
  await expect(forceRefresh(hub.context, id)).rejects.toMatchObject({ code: 'token_not_for_environment' });
});
