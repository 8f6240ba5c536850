import { verify } from 'node:crypto';
import { readLoginHintClaim } from '../../directory/login-hint.ts';
import { findUserByName } from '../../directory/users.ts';
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
  const [head = '', payload = '', signature = ''] = token.split('.');
  const input = Buffer.from(`${head}.${payload}`);
  const isOurs = signingKeys.all.some(({ publicKey }) =>
    verify('RSA-SHA256', input, publicKey, Buffer.from(signature, 'base64url')),
  );
  if (!isOurs) return undefined;
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return typeof claims.oid === 'string' ? claims.oid : undefined;
}
