import type { User } from './users.ts';

/** What the `login_hint` claim begins with, once it is decoded. */
const mark = 'O.';

/** The `login_hint` claim: opaque to apps, which send it back to name the account. */
export function makeLoginHint({ userPrincipalName }: Pick<User, 'userPrincipalName'>): string {
  return Buffer.from(`${mark}${userPrincipalName}`).toString('base64url');
}

/** The sign-in name that the value of a `login_hint` claim stands for; undefined for any other text. */
export function readLoginHintClaim(value: string): string | undefined {
  const decoded = Buffer.from(value, 'base64url').toString('utf8');
  return decoded.startsWith(mark) && decoded.includes('@') ? decoded.slice(mark.length) : undefined;
}

/** The sign-in name that a `login_hint` parameter means: the claim's value, or a name as somebody typed it. */
export function readLoginHint(hint: string): string {
  return readLoginHintClaim(hint) ?? hint;
}
