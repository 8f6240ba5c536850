import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGraphCaller, type RegisteredApp, registerApp } from './support/register-app.ts';

const twoHours = 7_200_000;

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud({ adminApi: true });
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
});
afterAll(() => cloud.close());

/** An API that is its own client, as a service that calls itself is. */
async function registerApi(version: 1 | 2): Promise<RegisteredApp> {
  const api = await registerApp(cloud, { application: { api: { requestedAccessTokenVersion: version } } });
  const graph = await createGraphCaller(cloud);
  await graph('PATCH', `/applications/${api.objectId}`, { identifierUris: [`api://${api.clientId}`] });
  return api;
}

async function requestToken({ tenantId, clientId, clientSecret }: RegisteredApp): Promise<string> {
  const response = await fetch(`${cloud.entra.https}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `api://${clientId}/.default`,
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

/** What an API is given to check tokens with: keys, issuer and audience of the generation that it chose. */
function describeIssuer(version: 1 | 2, { tenantId, clientId }: RegisteredApp) {
  const { https } = cloud.entra;
  return version === 1
    ? {
        keys: new URL(`${https}/common/discovery/keys`),
        issuer: `https://sts.windows.net/${tenantId}/`,
        audience: `api://${clientId}`,
      }
    : {
        keys: new URL(`${https}/${tenantId}/discovery/v2.0/keys`),
        issuer: `${https}/${tenantId}/v2.0`,
        audience: clientId,
      };
}

it.each([1, 2] as const)(
  'verifies tokens of v%i, and fetches the keys anew when one is unknown',
  async (version) => {
    const api = await registerApi(version);
    const { keys, issuer, audience } = describeIssuer(version, api);
    const keySet = createRemoteJWKSet(keys, { cooldownDuration: 0 });
    const expected = { issuer, audience, algorithms: ['RS256'] };
    const before = await jwtVerify(await requestToken(api), keySet, expected);
    expect(before.payload.ver).toBe(`${version}.0`);

    const rotated = await fetch(`${cloud.entra.http}/_latchkey/signing-keys`, { method: 'POST' });
    expect(rotated.ok).toBe(true);
    const after = await jwtVerify(await requestToken(api), keySet, expected);
    expect(after.protectedHeader.kid).not.toBe(before.protectedHeader.kid);
  },
);

it('refuses what is not meant for the API, and what has ended', async () => {
  const [api, other] = [await registerApi(2), await registerApi(2)];
  const { keys, issuer, audience } = describeIssuer(2, api);
  const keySet = createRemoteJWKSet(keys);
  const forOther = jwtVerify(await requestToken(other), keySet, { issuer, audience });
  await expect(forOther).rejects.toMatchObject({ code: errors.JWTClaimValidationFailed.code, claim: 'aud' });
  const token = await requestToken(api);
  const currentDate = new Date(Date.now() + twoHours);
  const late = jwtVerify(token, keySet, { issuer, audience, currentDate });
  await expect(late).rejects.toMatchObject({ code: errors.JWTExpired.code });
});
