import { storeFederatedIssuer } from '../../../directory/federated-issuers.ts';
import { makeClientCertificate, signAssertion } from '../../../jwt/testing/client-certificate.ts';
import type { TestEntra } from '../open-test-entra.ts';
import { openTestIssuer } from '../open-test-issuer.ts';
import { askAppToken, type Provocation, type Refusal } from './provocation.ts';

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const audience = 'api://AzureADTokenExchange';
const subject = 'repo:contoso/crm:ref:refs/heads/main';
const farAway = 99_999_999_999;

/** Codes about assertions that stand for a secret: the app's own, and those of issuers that it trusts. */
export const assertionProvocations: readonly Provocation[] = [
  {
    code: 700027,
    how: 'Sign a client assertion with a certificate that the app does not list, or that ended, or with `alg` none.',
    provoke: async (entra) => {
      const stranger = await makeClientCertificate(entra.clock.now());
      return askAppToken(entra, {
        client_assertion_type: jwtBearer,
        client_assertion: signAssertion(stranger, {}),
      });
    },
  },
  {
    code: 50012,
    how: 'Send a client assertion for another audience, or with the `jti` of another one.',
    provoke: (entra) =>
      presentOwn(entra, (clientId) => ({
        iss: clientId,
        sub: clientId,
        aud: 'https://example.com',
        exp: farAway,
      })),
  },
  {
    code: 700021,
    how: "Put another client's id into `iss` or `sub` of a client assertion.",
    provoke: (entra) => presentOwn(entra, (clientId) => ({ iss: clientId, sub: 'somebody', exp: farAway })),
  },
  {
    code: 700024,
    how: 'Send a client assertion after its `exp`, before its `nbf`, or without an `exp`; move the clock on.',
    provoke: (entra) => presentOwn(entra, (clientId) => ({ iss: clientId, sub: clientId, exp: 1 })),
  },
  {
    code: 50027,
    how: 'Send a `client_assertion` that is no JWT.',
    provoke: (entra) =>
      askAppToken(entra, { client_assertion_type: jwtBearer, client_assertion: 'not-a-token' }),
  },
  {
    code: 700211,
    how: "Present another issuer's token that no federated credential of the app names.",
    provoke: (entra) => presentForeign(entra, { claims: { iss: 'https://example.com' } }),
  },
  {
    code: 700213,
    how: 'Present a token of the right issuer with another `sub` than the federated credential has.',
    provoke: (entra) => presentForeign(entra, { claims: { sub: 'repo:contoso/other' } }),
  },
  {
    code: 7002138,
    how: 'The same, with a `sub` that differs in upper and lower case alone.',
    provoke: (entra) => presentForeign(entra, { claims: { sub: subject.toUpperCase() } }),
  },
  {
    code: 700212,
    how: 'Present a token of the right issuer and `sub` with another `aud`.',
    provoke: (entra) => presentForeign(entra, { claims: { aud: 'api://other' } }),
  },
  {
    code: 7000272,
    how: "Present a token whose `kid` the issuer's key set does not have.",
    provoke: (entra) => presentForeign(entra, { header: { kid: 'replaced' } }),
  },
  {
    code: 5002730,
    how: "Present another issuer's token that is not signed by RS256.",
    provoke: (entra) => presentForeign(entra, { header: { alg: 'ES256' } }),
  },
  {
    code: 501661,
    how: 'Trust an issuer that is down, slow or not on this machine, without its keys in the seed (`federatedIssuers`).',
    provoke: (entra) => presentForeign(entra, { keys: 'unknown' }),
  },
];

async function presentOwn(entra: TestEntra, claims: (clientId: string) => object): Promise<Refusal> {
  const certificate = await makeClientCertificate(entra.clock.now());
  const app = entra.createApp({ document: { keyCredentials: [certificate.credential] } });
  const client_assertion = signAssertion(certificate, claims(app.clientId));
  return askAppToken(entra, { client_assertion_type: jwtBearer, client_assertion }, { app });
}

/** Presents a token of an issuer that the app trusts; what is changed makes it wrong. */
async function presentForeign(
  entra: TestEntra,
  {
    claims,
    header,
    keys = 'known',
  }: { claims?: object; header?: Record<string, string>; keys?: 'known' | 'unknown' },
): Promise<Refusal> {
  const issuer = await openTestIssuer();
  await issuer.close();
  if (keys === 'known') {
    storeFederatedIssuer(entra.context.directory, { issuer: issuer.issuer, jwks: issuer.jwks() });
  }
  const credential = {
    id: entra.context.random.guid(),
    name: 'main-branch',
    issuer: issuer.issuer,
    subject,
    description: null,
    audiences: [audience],
  };
  const app = entra.createApp({ document: { federatedIdentityCredentials: [credential] } });
  const good = { iss: issuer.issuer, sub: subject, aud: audience, exp: farAway };
  const client_assertion = issuer.sign({ ...good, ...claims }, header);
  return askAppToken(entra, { client_assertion_type: jwtBearer, client_assertion }, { app });
}
