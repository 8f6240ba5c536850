import { wellKnownIds } from '@latchkey/microsoft';
import { pairwiseSubject } from '../directory/pairwise-subject.ts';
import { findUser } from '../directory/users.ts';
import { graphOrigins } from '../microsoft-origins.ts';
import { nameClaims } from './name-claims.ts';
import type { TokenContext } from './token-context.ts';
import { type AccessTokenVerdict, verifyAccessToken } from './verify-access-token.ts';

const bearerScheme = /^bearer +(\S+)$/i;

/** What a person's Graph token tells about them (OpenID Connect Core §5.3); undefined when it is none. */
export function presentUserInfo(
  context: TokenContext,
  authorization: string | undefined,
): object | undefined {
  const [, token] = bearerScheme.exec(authorization ?? '') ?? [];
  const verdict = verifyAccessToken(context, token);
  if (!verdict.valid || !isForGraph(context, verdict)) return undefined;
  const { claims } = verdict;
  const user = claims.scp === undefined ? undefined : findUser(context.directory, claims.oid);
  if (!user) return undefined;
  return {
    sub: pairwiseSubject(claims.tid, claims.appid ?? claims.azp ?? '', user.id),
    name: user.displayName,
    ...nameClaims(user),
    ...(user.mail !== null && { email: user.mail }),
  };
}

function isForGraph({ addresses }: TokenContext, { claims }: AccessTokenVerdict & { valid: true }): boolean {
  const audience = claims.aud.toLowerCase().replace(/\/$/, '');
  return [wellKnownIds.microsoftGraph, ...graphOrigins, addresses.graph.http, addresses.graph.https].includes(
    audience,
  );
}
