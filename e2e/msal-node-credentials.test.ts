import { createHash } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  ConfidentialClientApplication,
  InteractionRequiredAuthError,
  type NodeAuthOptions,
  PublicClientApplication,
  ServerError,
} from '@azure/msal-node';
import {
  createMovableClock,
  type LocalCloud,
  seededPassword,
  seededUsers,
  startLocalCloud,
} from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ClientCertificate,
  makeClientCertificate,
  signAssertion,
} from '../packages/cloud/src/jwt/testing/client-certificate.ts';
import { atALaterTime } from './support/at-a-later-time.ts';
import { middleTierScope, seededApps, seedForMsalNode } from './support/msal-node-seed.ts';

const domain = 'contoso.onmicrosoft.com';
const { desktop, middleTier, web } = seededApps;
const { salesperson } = seededUsers;
const service = '5fa00000-0000-4000-8000-000000000015';
const secondsPerHour = 3600;
const millisecondsPerSecond = 1000;

const clock = createMovableClock();
let cloud: LocalCloud;
let certificate: ClientCertificate;
let stranger: ClientCertificate;

beforeAll(async () => {
  [certificate, stranger] = await Promise.all([
    makeClientCertificate(Date.now()),
    makeClientCertificate(Date.now()),
  ]);
  cloud = await startLocalCloud({
    clock,
    seed: seedForMsalNode(
      [],
      [
        {
          displayName: 'Service',
          appId: service,
          secrets: [{ value: 'an-ended-secret-of-the-service', endsAt: '2020-01-01T00:00:00Z' }],
          manifest: {
            keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.certificate }],
          },
        },
      ],
    ),
  });
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start; msal is unchanged.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
});
afterAll(() => cloud?.close());

/** What a client is told of the authority. */
function authorityOf(tenant: string = domain): Pick<NodeAuthOptions, 'authority' | 'knownAuthorities'> {
  const { https } = cloud.entra;
  return { authority: `${https}/${tenant}`, knownAuthorities: [new URL(https).host] };
}

function createClient(auth: NodeAuthOptions): ConfidentialClientApplication {
  return new ConfidentialClientApplication({ auth: { ...authorityOf(), ...auth } });
}

const ownScopes = () => [`${cloud.crm.https}/.default`];
const personScopes = () => [`${cloud.crm.https}/user_impersonation`];

/** The app's token for Dynamics 365 as itself. */
async function tokenOfApp(client: ConfidentialClientApplication): Promise<string> {
  const tokens = await client.acquireTokenByClientCredential({ scopes: ownScopes() });
  return tokens?.accessToken ?? '';
}

function pemOf({ certificate: der }: ClientCertificate): string {
  const lines = der.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function keyOf({ privateKey }: ClientCertificate): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function thumbprintOf({ certificate: der }: ClientCertificate, hash: 'sha1' | 'sha256'): string {
  return createHash(hash).update(Buffer.from(der, 'base64')).digest('hex');
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/** What the library throws. */
async function errorOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => undefined,
    (error: unknown) => error,
  );
}

it.each<[string, (pair: ClientCertificate) => NonNullable<NodeAuthOptions['clientCertificate']>]>([
  ['SHA-256', (pair) => ({ thumbprintSha256: thumbprintOf(pair, 'sha256'), privateKey: keyOf(pair) })],
  [
    'SHA-256, and the certificate beside it',
    (pair) => ({ thumbprintSha256: thumbprintOf(pair, 'sha256'), privateKey: keyOf(pair), x5c: pemOf(pair) }),
  ],
  ['SHA-1', (pair) => ({ thumbprint: thumbprintOf(pair, 'sha1'), privateKey: keyOf(pair) })],
])('gets an app a token of its own by a certificate, named by %s', async (_hash, credential) => {
  const clientCertificate = credential(certificate);
  const token = await tokenOfApp(createClient({ clientId: service, clientCertificate }));
  expect(claimsOf(token)).toMatchObject({ appid: service, appidacr: '2', aud: cloud.crm.https });
  expect(claimsOf(token)).not.toHaveProperty('scp');
});

it('gets an app a token by an assertion that a callback makes', async () => {
  const asked: object[] = [];
  const client = createClient({
    clientId: service,
    clientAssertion: async (options) => {
      asked.push(options);
      const now = clock.now() / millisecondsPerSecond;
      return signAssertion(certificate, {
        aud: options.tokenEndpoint,
        iss: options.clientId,
        sub: options.clientId,
        jti: crypto.randomUUID(),
        nbf: Math.floor(now),
        exp: Math.floor(now) + 600,
      });
    },
  });
  expect(claimsOf(await tokenOfApp(client))).toMatchObject({ appid: service, appidacr: '2' });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ tokenEndpoint: expect.stringMatching(/\/oauth2\/v2\.0\/token$/) });
});

it('keeps the token of an app until it ends', async () => {
  const client = createClient({ clientId: web.appId, clientSecret: web.secrets[0].value });
  const request = { scopes: ownScopes() };
  const first = await client.acquireTokenByClientCredential(request);
  const second = await client.acquireTokenByClientCredential(request);
  expect([first?.fromCache, second?.fromCache]).toEqual([false, true]);
  expect((await client.acquireTokenByClientCredential({ ...request, skipCache: true }))?.fromCache).toBe(
    false,
  );
});

it('calls Dynamics 365 on behalf of the person who called an API', async () => {
  const oboAssertion = await callerToken();
  const api = createClient({ clientId: middleTier.appId, clientSecret: middleTier.secrets[0].value });
  const request = { oboAssertion, scopes: personScopes() };
  const traded = await api.acquireTokenOnBehalfOf(request);
  expect(claimsOf(traded?.accessToken ?? '')).toMatchObject({
    aud: cloud.crm.https,
    appid: middleTier.appId,
    upn: salesperson,
    scp: 'user_impersonation',
  });
  const headers = { authorization: `Bearer ${traded?.accessToken}` };
  expect((await fetch(`${cloud.crm.https}/api/data/v9.2/WhoAmI`, { headers })).status).toBe(200);
  expect(await api.acquireTokenOnBehalfOf(request)).toMatchObject({ fromCache: true });
});

it('tells an API when consent is missing, and when the caller’s token has ended or is another’s', async () => {
  const oboAssertion = await callerToken();
  const trade = (scopes: string[], assertion: string) =>
    errorOf(
      createClient({
        clientId: middleTier.appId,
        clientSecret: middleTier.secrets[0].value,
      }).acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes }),
    );
  const withoutConsent = await trade(['User.ReadBasic.All'], oboAssertion);
  expect(withoutConsent).toBeInstanceOf(InteractionRequiredAuthError);
  expect(withoutConsent).toMatchObject({ subError: 'consent_required', errorNo: 65001 });
  expect(await trade(personScopes(), await callerToken(personScopes()))).toMatchObject({
    name: 'ServerError',
    errorCode: 'invalid_grant',
    errorNo: 50013,
  });
  const tooLate = await atALaterTime(clock, 2 * secondsPerHour * millisecondsPerSecond, () =>
    trade(personScopes(), oboAssertion),
  );
  expect(tooLate).toMatchObject({
    name: 'ServerError',
    errorCode: 'invalid_grant',
    errorNo: 500133,
  });
});

it.each<[string, () => NodeAuthOptions, string, number]>([
  [
    'a wrong secret',
    () => ({ clientId: web.appId, clientSecret: 'not-its-secret' }),
    'invalid_client',
    7000215,
  ],
  [
    'an ended secret',
    () => ({ clientId: service, clientSecret: 'an-ended-secret-of-the-service' }),
    'invalid_client',
    7000222,
  ],
  [
    'another app’s certificate',
    () => ({
      clientId: service,
      clientCertificate: { thumbprintSha256: thumbprintOf(stranger, 'sha256'), privateKey: keyOf(stranger) },
    }),
    'invalid_client',
    700027,
  ],
  [
    'a certificate with another’s key',
    () => ({
      clientId: service,
      clientCertificate: {
        thumbprintSha256: thumbprintOf(certificate, 'sha256'),
        privateKey: keyOf(stranger),
      },
    }),
    'invalid_client',
    700027,
  ],
  [
    'an unknown app',
    () => ({ clientId: '5fa00000-0000-4000-8000-0000000000ff', clientSecret: 'any' }),
    'unauthorized_client',
    700016,
  ],
])('tells %s as a ServerError', async (_what, auth, errorCode, errorNo) => {
  const error = await errorOf(tokenOfApp(createClient(auth())));
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({
    errorCode,
    errorNo,
    errorMessage: expect.stringContaining(`AADSTS${errorNo}`),
  });
});

it.each<[string, () => string[], string, number]>([
  ['a single scope', personScopes, 'invalid_scope', 70011],
  ['an unknown environment', () => ['https://nosuch.crm4.dynamics.com/.default'], 'invalid_resource', 500011],
])('tells an app that asks for %s', async (_what, scopes, errorCode, errorNo) => {
  const client = createClient({ clientId: web.appId, clientSecret: web.secrets[0].value });
  const error = await errorOf(client.acquireTokenByClientCredential({ scopes: scopes() }));
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({ errorCode, errorNo });
});

/** A token with which the salesperson, in the desktop app, calls the API. */
async function callerToken(scopes: string[] = [middleTierScope]): Promise<string> {
  const client = new PublicClientApplication({ auth: { ...authorityOf(), clientId: desktop.appId } });
  const tokens = await client.acquireTokenByUsernamePassword({
    scopes,
    username: salesperson,
    password: seededPassword,
  });
  return tokens?.accessToken ?? '';
}
