import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ClientCertificate,
  makeClientCertificate,
  paddedThumbprint,
  sha256Thumbprint,
  signAssertion,
} from '../../jwt/testing/client-certificate.ts';
import {
  claimsOf,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
let certificate: ClientCertificate;
let stranger: ClientCertificate;
let ended: ClientCertificate;
let notYetValid: ClientCertificate;
let otherCertificate: ClientCertificate;
const entraOrigin = 'http://localhost:4481';
const day = 86_400_000;

beforeAll(async () => {
  // The clock stands, so that a second more or less is seen.
  entra = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  const now = entra.clock.now();
  certificate = await makeClientCertificate(now);
  stranger = await makeClientCertificate(now);
  ended = await makeClientCertificate(now - 60 * day);
  // From tomorrow on.
  notYetValid = await makeClientCertificate(now + 2 * day);
  otherCertificate = await makeClientCertificate(now);
  entra.createApp({ document: { keyCredentials: [otherCertificate.credential] } });
  app = entra.createApp({
    document: { keyCredentials: [certificate, ended, notYetValid].map(({ credential }) => credential) },
  });
});
afterAll(() => entra.close());

let jti = 0;
function claims(changes: object = {}): object {
  const now = Math.floor(entra.clock.now() / 1000);
  jti += 1;
  return {
    aud: `${entraOrigin}/${entra.tenant.id}/oauth2/v2.0/token`,
    iss: app.clientId,
    sub: app.clientId,
    jti: `assertion-${jti}`,
    nbf: now,
    exp: now + 600,
    ...changes,
  };
}

const padded = (part: Buffer) => part.toString('base64').replaceAll('+', '-').replaceAll('/', '_');

const seconds = () => entra.clock.now() / 1000;

function hexThumbprint({ certificate: text }: ClientCertificate): string {
  return createHash('sha1').update(Buffer.from(text, 'base64')).digest('hex').toUpperCase();
}

async function present(assertion: string, version: 1 | 2 = 2) {
  const { status, json } = await entra.post(version === 1 ? '/oauth2/token' : '/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    ...(version === 1 ? { resource: crmOrigin } : { scope: `${crmOrigin}/.default` }),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  return { status, json };
}

it.each<[string, () => string]>([
  ['RS256 and x5t', () => signAssertion(certificate, claims())],
  ['PS256', () => signAssertion(certificate, claims(), { alg: 'PS256' })],
  [
    'x5t#S256 alone and PS256, as newer libraries send it',
    () =>
      signAssertion(certificate, claims(), {
        alg: 'PS256',
        header: { x5t: undefined, 'x5t#S256': sha256Thumbprint(certificate) },
      }),
  ],
  [
    'x5t#S256 beside x5t',
    () => signAssertion(certificate, claims(), { header: { 'x5t#S256': sha256Thumbprint(certificate) } }),
  ],
  [
    'padded base64 in x5t',
    () =>
      signAssertion(certificate, claims(), {
        header: { x5t: paddedThumbprint(certificate).replaceAll('+', '-').replaceAll('/', '_') },
      }),
  ],
  ['padded base64url in all its parts', () => signAssertion(certificate, claims(), { encode: padded })],
  [
    'the endpoint of a region as audience',
    () =>
      signAssertion(
        certificate,
        claims({
          aud: `https://westus2.login.microsoft.com/${entra.tenant.id}/oauth2/v2.0/token/?allowestsrnonmsi=true`,
        }),
      ),
  ],
  [
    'the v1 endpoint as audience',
    () => signAssertion(certificate, claims({ aud: `${entraOrigin}/contoso.onmicrosoft.com/oauth2/token` })),
  ],
  [
    'the issuer as audience',
    () =>
      signAssertion(
        certificate,
        claims({ aud: `https://login.microsoftonline.com/${entra.tenant.id}/v2.0` }),
      ),
  ],
  [
    'kid alone, in capital hex',
    () =>
      signAssertion(certificate, claims(), { header: { x5t: undefined, kid: hexThumbprint(certificate) } }),
  ],
  ['an end 299 seconds ago', () => signAssertion(certificate, claims({ exp: seconds() - 299 }))],
  ['a beginning in 300 seconds', () => signAssertion(certificate, claims({ nbf: seconds() + 300 }))],
  ['no jti', () => signAssertion(certificate, claims({ jti: undefined }))],
  [
    'its client in capitals',
    () =>
      signAssertion(
        certificate,
        claims({ iss: app.clientId.toUpperCase(), sub: app.clientId.toUpperCase() }),
      ),
  ],
  [
    'the HTTPS listener and the tenant in capitals as audience',
    () =>
      signAssertion(
        certificate,
        claims({ aud: `https://localhost:4491/${entra.tenant.id.toUpperCase()}/oauth2/token` }),
      ),
  ],
  // Microsoft's page on certificate credentials: the end is not restricted.
  ['an end in a thousand years', () => signAssertion(certificate, claims({ exp: 33_000_000_000 }))],
  ['an end that no date can tell', () => signAssertion(certificate, claims({ exp: 1e300 }))],
])('takes an assertion with %s, at both generations', async (_name, assertion) => {
  for (const version of [1, 2] as const) {
    const { status, json } = await present(assertion(), version);
    expect([status, json.error_description]).toEqual([200, undefined]);
    expect(claimsOf(json.access_token).appidacr).toBe('2');
  }
});

it.each<[string, () => string, number]>([
  ['without a signature', () => signAssertion(certificate, claims(), { alg: 'none' }), 700027],
  ['that swears by another algorithm', () => signAssertion(certificate, claims(), { alg: 'HS256' }), 700027],
  ["of another app's certificate", () => signAssertion(otherCertificate, claims()), 700027],
  ['of a certificate nobody registered', () => signAssertion(stranger, claims()), 700027],
  [
    "signed by a stranger in a known certificate's name",
    () =>
      signAssertion(stranger, claims(), {
        header: { x5t: paddedThumbprint(certificate) },
      }),
    700027,
  ],
  ['of a certificate that ended', () => signAssertion(ended, claims()), 700027],
  ['of a certificate that is not yet valid', () => signAssertion(notYetValid, claims()), 700027],
  [
    'whose thumbprints disagree',
    () => signAssertion(certificate, claims(), { header: { 'x5t#S256': 'AAAA' } }),
    700027,
  ],
  [
    'that names no certificate',
    () => signAssertion(certificate, claims(), { header: { x5t: undefined } }),
    700027,
  ],
  [
    'that names another by kid',
    () => signAssertion(certificate, claims(), { header: { x5t: undefined, kid: hexThumbprint(stranger) } }),
    700027,
  ],
  [
    'whose other thumbprint is wrong',
    () =>
      signAssertion(certificate, claims(), {
        header: { x5t: 'AAAA', 'x5t#S256': sha256Thumbprint(certificate) },
      }),
    700027,
  ],
  ['that ended 300 seconds ago', () => signAssertion(certificate, claims({ exp: seconds() - 300 })), 700024],
  ['that begins in 301 seconds', () => signAssertion(certificate, claims({ nbf: seconds() + 301 })), 700024],
  ['that begins at no time', () => signAssertion(certificate, claims({ nbf: '0' })), 700024],
  ['without an audience', () => signAssertion(certificate, claims({ aud: undefined })), 50012],
  ['for what is no address', () => signAssertion(certificate, claims({ aud: 'entra' })), 50012],
  [
    'for another endpoint',
    () => signAssertion(certificate, claims({ aud: `${entraOrigin}/${entra.tenant.id}/oauth2/authorize` })),
    50012,
  ],
  ['by nobody', () => signAssertion(certificate, claims({ iss: undefined })), 700021],
  ['about nobody', () => signAssertion(certificate, claims({ sub: undefined })), 700021],
  ['for another service', () => signAssertion(certificate, claims({ aud: 'https://example.com/' })), 50012],
  [
    'for the token endpoint of another host',
    () =>
      signAssertion(
        certificate,
        claims({ aud: `https://login.example.com/${entra.tenant.id}/oauth2/v2.0/token` }),
      ),
    50012,
  ],
  [
    'for the endpoint at another port',
    () => signAssertion(certificate, claims({ aud: `http://localhost:4482/${entra.tenant.id}/v2.0` })),
    50012,
  ],
  [
    'for another tenant',
    () => signAssertion(certificate, claims({ aud: `${entraOrigin}/common/oauth2/v2.0/token` })),
    50012,
  ],
  ['about another client', () => signAssertion(certificate, claims({ sub: 'somebody' })), 700021],
  ['by another client', () => signAssertion(certificate, claims({ iss: 'somebody' })), 700021],
  ['that ended', () => signAssertion(certificate, claims({ exp: 1 })), 700024],
  ['without an end', () => signAssertion(certificate, claims({ exp: undefined })), 700024],
  ['of the future', () => signAssertion(certificate, claims({ nbf: 99_999_999_999 })), 700024],
])('refuses an assertion %s, at both generations', async (_name, assertion, code) => {
  for (const version of [1, 2] as const) {
    const { status, json } = await present(assertion(), version);
    expect([status, json.error, json.error_codes]).toEqual([401, 'invalid_client', [code]]);
  }
});

it.each(['a.b', '..', 'a.b.c', 'W10.W10.AA'])('does not take %o for a JWT', async (text) => {
  const { status, json } = await present(text);
  expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_request', [50027]]);
});

it.each<[string, (jwt: string) => string]>([
  ['the header', (jwt) => jwt.replace('.', '=.')],
  ['the claims', (jwt) => jwt.replace(/\.(?=[^.]*$)/, '=.')],
])('refuses an assertion that somebody padded in %s after it was signed', async (_name, pad) => {
  const { json } = await present(pad(signAssertion(certificate, claims())));
  expect(json.error_codes).toEqual([700027]);
});

it('says when an assertion was good', async () => {
  const { json } = await present(signAssertion(certificate, claims({ nbf: undefined, exp: 60 })));
  expect(json.error_description).toContain(
    'valid from 1970-01-01T00:00:00.000Z, expiry time of assertion 1970-01-01T00:01:00.000Z',
  );
});

it('takes the same assertion again, as libraries present it, but no other one of its jti', async () => {
  const assertion = signAssertion(certificate, claims({ jti: 'the-one' }));
  expect((await present(assertion)).status).toBe(200);
  expect((await present(assertion)).status).toBe(200);
  const other = await present(signAssertion(certificate, claims({ jti: 'the-one', nbf: 1 })));
  expect(other.json.error_codes).toEqual([50012]);
});

it('redeems a code with an assertion instead of a secret', async () => {
  const code = await signInForCode(entra, app);
  const { status, json } = await redeemCode(entra, app, code, {
    client_secret: '',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signAssertion(certificate, claims()),
  });
  expect([status, json.error_description]).toEqual([200, undefined]);
});

it('names the kinds of assertion that it takes', async () => {
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    scope: `${crmOrigin}/.default`,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    client_assertion: 'a.b.c',
  });
  expect(json.error_codes).toEqual([90013]);
});

it('takes a certificate in the first moment of its time, and not in the last', async () => {
  const own = await makeClientCertificate(entra.clock.now() + day);
  const { startDateTime, endDateTime } = own.credential;
  const client = entra.createApp({ document: { keyCredentials: [own.credential] } });
  const status = async () => {
    const { clientId } = client;
    const assertion = signAssertion(own, claims({ iss: clientId, sub: clientId }));
    const answer = await entra.post('/oauth2/v2.0/token', {
      grant_type: 'client_credentials',
      client_id: clientId,
      scope: `${crmOrigin}/.default`,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    return answer.status;
  };
  expect(Date.parse(startDateTime)).toBe(entra.clock.now());
  expect(await status()).toBe(200);
  const life = Date.parse(endDateTime) - Date.parse(startDateTime);
  entra.clock.advance(life);
  const atTheEnd = await status();
  entra.clock.advance(-1);
  const before = await status();
  entra.clock.advance(1 - life);
  expect([atTheEnd, before]).toEqual([401, 200]);
});

it('lets two clients use one jti', async () => {
  const assertion = signAssertion(certificate, claims({ jti: 'shared' }));
  expect((await present(assertion)).status).toBe(200);
  const other = entra.createApp({ document: { keyCredentials: [stranger.credential] } });
  const { clientId } = other;
  const { status } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: `${crmOrigin}/.default`,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signAssertion(stranger, claims({ iss: clientId, sub: clientId, jti: 'shared' })),
  });
  expect(status).toBe(200);
});

it('takes no assertion of a client whose code came through a public platform', async () => {
  const redirect_uri = 'http://localhost:53001';
  const native = entra.createApp({
    document: {
      publicClient: { redirectUris: [redirect_uri] },
      keyCredentials: [certificate.credential],
    },
  });
  const code = await signInForCode(entra, native, { parameters: { redirect_uri } });
  const { clientId } = native;
  const { json } = await redeemCode(entra, native, code, {
    redirect_uri,
    client_secret: '',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signAssertion(certificate, claims({ iss: clientId, sub: clientId })),
  });
  expect(json.error_codes).toEqual([700025]);
});
