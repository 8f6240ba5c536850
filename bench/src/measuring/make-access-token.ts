/** Whose token it is: any tenant and app, the same in the connection. */
export const tokenTenantId = '6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f';
export const tokenClientId = '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d';

const lifeSeconds = 86_400;
/** About as long as a signature of RS256. */
const signatureBytes = 256;

/**
 * An access token as long as Entra ID's. The hub only reads it, and the servers here check none: no signature is
 * needed.
 */
export function makeAccessToken(audience: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${tokenTenantId}/`,
    iat: now,
    nbf: now,
    exp: now + lifeSeconds,
    acr: '1',
    appid: tokenClientId,
    appidacr: '1',
    family_name: 'Wilber',
    given_name: 'Alex',
    name: 'Alex Wilber',
    oid: tokenClientId,
    puid: '10032001A2B3C4D5',
    scp: 'user_impersonation',
    sub: tokenClientId,
    tid: tokenTenantId,
    unique_name: 'sales@contoso.onmicrosoft.com',
    upn: 'sales@contoso.onmicrosoft.com',
    uti: tokenClientId,
    ver: '1.0',
  };
  const signature = Buffer.alloc(signatureBytes, 'signature').toString('base64url');
  return `${encode({ typ: 'JWT', alg: 'RS256', kid: tokenClientId, x5t: tokenClientId })}.${encode(claims)}.${signature}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
