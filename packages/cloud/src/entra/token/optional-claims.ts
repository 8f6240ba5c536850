import type { ApplicationDocument } from '../../directory/application-document.ts';
import type { User } from '../../directory/users.ts';
import type { SignInFacts } from '../sign-in/sign-in-facts.ts';

const millisecondsPerSecond = 1000;

/** The names under `optionalClaims` that an application lists for a kind of token. */
export function listOptionalClaims(
  { optionalClaims }: Pick<ApplicationDocument, 'optionalClaims'>,
  token: 'accessToken' | 'idToken',
): readonly string[] {
  const listed: unknown = isRecord(optionalClaims) ? optionalClaims[token] : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((claim: unknown) =>
    isRecord(claim) && typeof claim.name === 'string' ? [claim.name] : [],
  );
}

/**
 * The optional claims of a person's token, of those that were asked for ("Provide optional claims to your app"). Names
 * that mean nothing here are passed over, as the real service does.
 */
export function personalClaims(
  names: readonly string[],
  user: User,
  { sessionId, signedInAt }: Pick<SignInFacts, 'sessionId' | 'signedInAt'>,
): Record<string, string | number> {
  const known: Record<string, string | number | null> = {
    acct: 0,
    auth_time: Math.floor(signedInAt / millisecondsPerSecond),
    email: user.mail,
    family_name: user.surname,
    given_name: user.givenName,
    idtyp: 'user',
    login_hint: Buffer.from(`O.${user.userPrincipalName}`).toString('base64url'),
    sid: sessionId,
    upn: user.userPrincipalName,
    verified_primary_email: user.mail,
  };
  const claims: Record<string, string | number> = {};
  for (const name of names) {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    if (value !== undefined && value !== null) claims[name] = value;
  }
  return claims;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
