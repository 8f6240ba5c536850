import type { ApplicationDocument } from '../../directory/application-document.ts';
import { isRecord } from '../../ground/json.ts';

/** The kinds of tokens that take optional claims; names are Graph's. */
export const claimTokens = [
  { token: 'idToken', title: 'ID' },
  { token: 'accessToken', title: 'Access' },
  { token: 'saml2Token', title: 'SAML' },
] as const;

export type ClaimToken = (typeof claimTokens)[number]['token'];

/** One entry of `optionalClaims`, with whatever else a manifest gave it. */
interface OptionalClaim extends Record<string, unknown> {
  name: string;
}

export type OptionalClaims = Record<ClaimToken, OptionalClaim[]>;

/** The claims that this cloud puts into tokens when they are asked for, as the portal describes them. */
export const offeredClaims: readonly { name: string; description: string }[] = [
  { name: 'acct', description: "User's account status in the tenant: 0 for a member, 1 for a guest" },
  { name: 'auth_time', description: 'Time when the user last signed in' },
  { name: 'email', description: 'The email address of the user' },
  { name: 'family_name', description: 'Last name, surname or family name of the user' },
  { name: 'given_name', description: 'First or given name of the user' },
  { name: 'idtyp', description: 'Whether a token is for a user or for an app alone' },
  { name: 'ipaddr', description: 'The IP address that the user signed in from' },
  { name: 'login_hint', description: 'Hint that leads the user straight to a sign-in' },
  { name: 'preferred_username', description: 'The preferred username, in v1 tokens' },
  { name: 'sid', description: 'Session ID, for signing out of one session' },
  { name: 'tenant_region_scope', description: 'Region of the resource tenant' },
  { name: 'upn', description: 'An identifier for the user: the sign-in name' },
  { name: 'verified_primary_email', description: "The user's primary authoritative email address" },
  { name: 'xms_edov', description: "Whether the domain of the email address is the directory's own" },
  { name: 'xms_tpl', description: 'Preferred language of the tenant' },
];

export function isClaimToken(text: string | undefined): text is ClaimToken {
  return claimTokens.some(({ token }) => token === text);
}

/** What an application asks for; a document of an earlier version may hold anything here. */
export function optionalClaimsOf({
  optionalClaims,
}: Pick<ApplicationDocument, 'optionalClaims'>): OptionalClaims {
  const listed = (token: ClaimToken): OptionalClaim[] => {
    const claims: unknown = isRecord(optionalClaims) ? optionalClaims[token] : undefined;
    return Array.isArray(claims) ? claims.filter(isClaim) : [];
  };
  return { idToken: listed('idToken'), accessToken: listed('accessToken'), saml2Token: listed('saml2Token') };
}

function isClaim(value: unknown): value is OptionalClaim {
  return isRecord(value) && typeof value.name === 'string';
}
