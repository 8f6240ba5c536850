import type { Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import type { EntraContext } from '../entra-context.ts';
import type { SignInScope } from '../resources/parse-scope.ts';
import type { AuthenticationMethod } from '../sign-in/sign-in-facts.ts';
import { signJwt } from '../sign-jwt.ts';
import { pairwiseSubject } from './pairwise-subject.ts';
import type { TokenLife } from './token-life.ts';

interface IdTokenFacts {
  clientId: string;
  tenant: Tenant;
  user: User;
  nonce: string | undefined;
  methods: readonly AuthenticationMethod[];
  life: TokenLife;
}

const idTokenSeconds = 3600;
const uniqueIdBytes = 16;

/** The signed id token of v2 (OpenID Connect Core §2); `profile` and `email` add their claims. */
export function signIdToken(
  { signingKeys, random }: Pick<EntraContext, 'signingKeys' | 'random'>,
  { origin, signIn, ...facts }: IdTokenFacts & { origin: string; signIn: ReadonlySet<SignInScope> },
): Promise<string> {
  const { user, tenant } = facts;
  return signJwt(signingKeys.current, {
    ...commonClaims(facts),
    iss: `${origin}/${tenant.id}/v2.0`,
    ...(signIn.has('email') && user.mail !== null && { email: user.mail }),
    ...(signIn.has('profile') && { name: user.displayName, preferred_username: user.userPrincipalName }),
    uti: random.bytes(uniqueIdBytes).toString('base64url'),
    ver: '2.0',
  });
}

/** The id token of v1, which is not signed (`alg` none): it informs the app and proves nothing. */
export function unsignedIdToken(facts: IdTokenFacts): string {
  const { user, tenant } = facts;
  const claims = {
    ...commonClaims(facts),
    iss: `https://sts.windows.net/${tenant.id}/`,
    amr: facts.methods,
    family_name: user.surname,
    given_name: user.givenName,
    name: user.displayName,
    unique_name: user.userPrincipalName,
    upn: user.userPrincipalName,
    ver: '1.0',
  };
  return `${encode({ typ: 'JWT', alg: 'none' })}.${encode(claims)}.`;
}

function commonClaims({ clientId, tenant, user, nonce, life }: IdTokenFacts): object {
  return {
    aud: clientId,
    iat: life.notBefore,
    nbf: life.notBefore,
    exp: life.issuedAt + idTokenSeconds,
    ...(nonce !== undefined && { nonce }),
    oid: user.id,
    sub: pairwiseSubject(tenant.id, clientId, user.id),
    tid: tenant.id,
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
