import { importPKCS8 } from 'jose';
import { type ClientAuth, ClientSecretPost, modifyAssertion, None, PrivateKeyJwt } from 'openid-client';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';

/** How an application proves at the token endpoint who it is. In memory for the time of a call. */
export type ClientCredential =
  /** A public client proves nothing. */
  | { kind: 'none' }
  | { kind: 'secret'; secret: string }
  /** The private key (PKCS #8, PEM) of a certificate that the application is registered with, and its thumbprint. */
  | { kind: 'certificate'; privateKey: string; thumbprint: string }
  /**
   * A token of another issuer, which the application trusts by a federated identity credential. It is read anew for each
   * request, since it lives for an hour or less. Throws HubError where there is none.
   */
  | { kind: 'federated'; readAssertion: () => Promise<string> };

/** Microsoft's "Certificate credentials": RSASSA-PSS with SHA-256, the certificate named by its SHA-256. */
const algorithm = 'PS256';
const thumbprintHeader = 'x5t#S256';
/** Microsoft advises 5 to 10 minutes; clocks may differ by five. */
const assertionLifeMilliseconds = 10 * millisecondsPerMinute;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * @param tokenEndpoint the audience of an assertion (RFC 7523 §3)
 * @param now epoch milliseconds, by the hub's clock
 * @returns openid-client's way to send the credential, in the body of the request
 * @throws HubError where there is no assertion to be had
 */
export async function clientAuthentication(
  credential: ClientCredential,
  tokenEndpoint: string,
  now: number,
): Promise<ClientAuth> {
  switch (credential.kind) {
    case 'secret':
      return ClientSecretPost(credential.secret);
    case 'certificate':
      return privateKeyJwt(credential, tokenEndpoint, now);
    case 'federated':
      return presentAssertion(await credential.readAssertion());
    default:
      return None();
  }
}

async function privateKeyJwt(
  { privateKey, thumbprint }: Extract<ClientCredential, { kind: 'certificate' }>,
  tokenEndpoint: string,
  now: number,
): Promise<ClientAuth> {
  const seconds = Math.floor(now / millisecondsPerSecond);
  return PrivateKeyJwt(await importPKCS8(privateKey, algorithm), {
    [modifyAssertion](header, payload) {
      header.typ = 'JWT';
      header[thumbprintHeader] = thumbprint;
      payload.aud = tokenEndpoint;
      payload.iat = seconds;
      payload.nbf = seconds;
      payload.exp = seconds + assertionLifeMilliseconds / millisecondsPerSecond;
    },
  });
}

function presentAssertion(assertion: string): ClientAuth {
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', assertionType);
    body.set('client_assertion', assertion);
  };
}
