import { type RedirectPlatform, redirectPlatforms } from '../../directory/match-redirect-uri.ts';
import { selectOne } from '../../directory/open-directory.ts';
import {
  isFlag,
  isNumber,
  isText,
  objectOf,
  oneOf,
  optional,
  orNull,
  readRow,
} from '../../ground/read-row.ts';
import type { EntraContext } from '../entra-context.ts';
import { digestOpaqueText, makeOpaqueText } from './opaque-text.ts';
import { type SignInFacts, signInFactFields } from './sign-in-facts.ts';

/** What a refresh token stands for. It is bound to person and client, not to an API. */
export interface RefreshGrant extends SignInFacts {
  clientId: string;
  tenantId: string;
  userId: string;
  /** What is asked when the refresh names nothing; in the words of v2. */
  scope: string;
  /** Whether the sign-in asked for `openid`. */
  isOpenId?: boolean | undefined;
  platform: RedirectPlatform;
  /** What all refresh tokens of one sign-in of one client share; null for those of earlier versions. */
  familyId?: string | undefined;
  /** Epoch milliseconds after which no use prolongs it (single page apps); null: as long as it is used. */
  endsAt: number | null;
}

export interface StoredRefreshToken {
  hash: string;
  grant: RefreshGrant;
  issuedAt: number;
  lastUsedAt: number;
  /** Whether another took its place, where the tenant's policy lets each be used once. */
  isSpent: boolean;
}

interface RefreshTokenRow {
  hash: string;
  grant_json: string;
  issued_at: number;
  last_used_at: number;
  is_spent: number;
}

/** Tokens of earlier versions don't say how the person signed in. */
type StoredRefreshGrant = Omit<RefreshGrant, 'signedInAt' | 'methods'> &
  Partial<Pick<RefreshGrant, 'signedInAt' | 'methods'>>;

const refreshGrant = objectOf<StoredRefreshGrant>({
  sessionId: isText,
  signedInAt: optional(isNumber),
  methods: optional(signInFactFields.methods),
  clientId: isText,
  tenantId: isText,
  userId: isText,
  scope: isText,
  isOpenId: optional(isFlag),
  platform: oneOf(...redirectPlatforms),
  familyId: optional(isText),
  endsAt: orNull(isNumber),
});

type TokenContext = Pick<EntraContext, 'directory' | 'random'>;

export function createRefreshToken({ directory, random }: TokenContext, grant: RefreshGrant): string {
  const token = makeOpaqueText(random, 'refreshToken');
  const now = directory.clock.now();
  directory
    .prepare(
      'INSERT INTO entra_refresh_tokens (hash, grant_json, issued_at, last_used_at) VALUES (?, ?, ?, ?)',
    )
    .run(digestOpaqueText(token), JSON.stringify(grant), now, now);
  return token;
}

export function findRefreshToken(
  { directory }: Pick<TokenContext, 'directory'>,
  token: string,
): StoredRefreshToken | undefined {
  const row = selectOne<RefreshTokenRow>(
    directory,
    'SELECT * FROM entra_refresh_tokens WHERE hash = ?',
    digestOpaqueText(token),
  );
  return (
    row && {
      hash: row.hash,
      grant: { signedInAt: row.issued_at, methods: ['pwd'], ...readRow(refreshGrant, row.grant_json) },
      issuedAt: row.issued_at,
      lastUsedAt: row.last_used_at,
      isSpent: row.is_spent !== 0,
    }
  );
}

/** A use prolongs the life of the token by its whole idle time; the token itself stays good. */
export function markRefreshTokenUsed({ directory }: Pick<TokenContext, 'directory'>, hash: string): void {
  directory
    .prepare('UPDATE entra_refresh_tokens SET last_used_at = ? WHERE hash = ?')
    .run(directory.clock.now(), hash);
}

/** Another takes its place. */
export function spendRefreshToken({ directory }: Pick<TokenContext, 'directory'>, hash: string): void {
  directory.prepare('UPDATE entra_refresh_tokens SET is_spent = 1 WHERE hash = ?').run(hash);
}

/** Ends all refresh tokens of a sign-in. */
export function spendRefreshTokenFamily(
  { directory }: Pick<TokenContext, 'directory'>,
  familyId: string,
): void {
  directory
    .prepare(`UPDATE entra_refresh_tokens SET is_spent = 1 WHERE json_extract(grant_json, '$.familyId') = ?`)
    .run(familyId);
}
