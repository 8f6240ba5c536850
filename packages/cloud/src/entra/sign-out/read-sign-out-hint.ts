import { verify } from 'node:crypto';
import { readLoginHintClaim } from '../../directory/login-hint.ts';
import { findUserByName } from '../../directory/users.ts';
import { readJwt } from '../../jwt/read-jwt.ts';
import type { Parameters } from '../../web/parse-form.ts';
import type { EntraContext } from '../entra-context.ts';

/**
 * The id of the user whom a sign-out is about: by `logout_hint`, which is the value of a `login_hint` claim (Microsoft's
 * documentation rules sign-in names out), or by `id_token_hint`, an id token of ours, old or new (OpenID Connect
 * RP-Initiated Logout §2). Undefined when neither says anything.
 */
export function readSignOutHint(
  context: Pick<EntraContext, 'directory' | 'signingKeys'>,
  parameters: Parameters,
): string | undefined {
  const name = readLoginHintClaim(parameters.get('logout_hint') ?? '');
  const named = name === undefined ? undefined : findUserByName(context.directory, name);
  return named?.id ?? readIdToken(context, parameters.get('id_token_hint') ?? '');
}

// The unsigned id tokens of v1's token endpoint prove nothing, so they are no hint.
function readIdToken({ signingKeys }: Pick<EntraContext, 'signingKeys'>, token: string): string | undefined {
  const jwt = readJwt(token);
  const isOurs =
    jwt !== undefined &&
    signingKeys.all.some(({ publicKey }) => verify('RSA-SHA256', jwt.signedText, publicKey, jwt.signature));
  return isOurs && typeof jwt.claims.oid === 'string' ? jwt.claims.oid : undefined;
}
