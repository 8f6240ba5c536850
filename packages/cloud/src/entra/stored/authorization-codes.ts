import { type RedirectPlatform, redirectPlatforms } from '../../directory/match-redirect-uri.ts';
import { changesRow, selectOne } from '../../directory/open-directory.ts';
import { isFlag, isText, listOf, objectOf, oneOf, optional, orNull, readRow } from '../../ground/read-row.ts';
import type { EntraContext } from '../entra-context.ts';
import { digestOpaqueText, makeOpaqueText } from './opaque-text.ts';
import { type SignInFacts, signInFactFields } from './sign-in-facts.ts';

/** What a request wants in its tokens, whatever the registrations list (`claims`, OpenID Connect Core §5.5). */
export interface RequestedClaims {
  /** Names. Microsoft's libraries ask for `login_hint` with every request, to give it back at the next. */
  idToken: readonly string[];
  /** What the client is able to do, such as `cp1`: the values of the access token's `xms_cc`. */
  capabilities: readonly string[];
}

/** A challenge that the code's redemption has to meet (RFC 7636). */
export interface CodeChallenge {
  value: string;
  method: 'S256' | 'plain';
}

/** What a person gave a client by signing in; a code or a device code stands for it until it is redeemed. */
export interface CodeGrant extends SignInFacts {
  /** The client's appId. */
  clientId: string;
  tenantId: string;
  userId: string;
  /** In the words of v2; null when a v1 request named no resource. */
  scope: string | null;
  /** Left out by codes of earlier versions. */
  isOpenId?: boolean | undefined;
  nonce: string | undefined;
  /** Left out by codes of earlier versions. */
  requestedClaims: RequestedClaims | undefined;
  platform: RedirectPlatform;
  redirectUri: string;
  namesRedirectUri: boolean;
  challenge: CodeChallenge | undefined;
}

/** A code as it is found again. */
export interface StoredCode {
  hash: string;
  grant: CodeGrant;
  createdAt: number;
  isRedeemed: boolean;
}

interface CodeRow {
  hash: string;
  grant_json: string;
  created_at: number;
  redeemed_at: number | null;
}

const codeGrant = objectOf<CodeGrant>({
  ...signInFactFields,
  clientId: isText,
  tenantId: isText,
  userId: isText,
  scope: orNull(isText),
  isOpenId: optional(isFlag),
  nonce: optional(isText),
  requestedClaims: optional(
    objectOf<RequestedClaims>({ idToken: listOf(isText), capabilities: listOf(isText) }),
  ),
  platform: oneOf(...redirectPlatforms),
  redirectUri: isText,
  namesRedirectUri: isFlag,
  challenge: optional(objectOf<CodeChallenge>({ value: isText, method: oneOf('S256', 'plain') })),
});

type CodeContext = Pick<EntraContext, 'directory' | 'random'>;

/** Stores the grant before the browser is sent back with its code, so that a killed process forgets none. */
export function createAuthorizationCode({ directory, random }: CodeContext, grant: CodeGrant): string {
  const code = makeOpaqueText(random, 'authorizationCode');
  directory
    .prepare('INSERT INTO entra_authorization_codes (hash, grant_json, created_at) VALUES (?, ?, ?)')
    .run(digestOpaqueText(code), JSON.stringify(grant), directory.clock.now());
  return code;
}

export function findAuthorizationCode(
  { directory }: Pick<CodeContext, 'directory'>,
  code: string,
): StoredCode | undefined {
  const row = selectOne<CodeRow>(
    directory,
    'SELECT * FROM entra_authorization_codes WHERE hash = ?',
    digestOpaqueText(code),
  );
  return (
    row && {
      hash: row.hash,
      grant: readRow(codeGrant, row.grant_json),
      createdAt: row.created_at,
      isRedeemed: row.redeemed_at !== null,
    }
  );
}

/** Marks the code as used; false when somebody else was first. */
export function markCodeRedeemed({ directory }: Pick<CodeContext, 'directory'>, hash: string): boolean {
  const sql = 'UPDATE entra_authorization_codes SET redeemed_at = ? WHERE hash = ? AND redeemed_at IS NULL';
  return changesRow(directory, sql, directory.clock.now(), hash);
}
