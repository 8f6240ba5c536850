import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerKeyControl } from '../../jwt/register-key-control.ts';
import { verifyAccessToken } from '../../jwt/verify-access-token.ts';
import { crmOrigin, openTestEntra, type TestApp, type TestEntra } from '../testing/open-test-entra.ts';

let entra: TestEntra;
let app: TestApp;
const day = 86_400_000;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

async function token(): Promise<string> {
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: `${crmOrigin}/.default`,
  });
  return String(json.access_token);
}

async function publishedKids(): Promise<string[]> {
  const { keys } = (await entra.app.inject('/common/discovery/keys')).json<{ keys: { kid: string }[] }>();
  return keys.map((key) => key.kid);
}

it('publishes the old key beside the new one for as long as its tokens can live', async () => {
  const control = Fastify();
  registerKeyControl(control, entra.context);
  const [before, old] = [await token(), await publishedKids()];
  const answer = await control.inject({ method: 'POST', url: '/_latchkey/signing-keys' });
  const { current, published } = answer.json<{ current: string; published: string[] }>();
  expect(published).toEqual([current, ...old]);
  expect(await publishedKids()).toEqual(published);
  const after = await token();
  expect(verifyAccessToken(entra.context, before).valid).toBe(true);
  expect(verifyAccessToken(entra.context, after).valid).toBe(true);
  const header: unknown = JSON.parse(Buffer.from(after.split('.')[0] ?? '', 'base64url').toString());
  expect(header).toMatchObject({ kid: current });
  entra.clock.advance(day + 1);
  await control.inject({ method: 'POST', url: '/_latchkey/signing-keys' });
  expect(await publishedKids()).toEqual([expect.any(String), current]);
  await control.close();
});
