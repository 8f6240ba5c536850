/** An atom of an address (RFC 5322 §3.2.3): `#` and `'` among the rest, as in `o'neill_fabrikam.com#EXT#`. */
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
/** A label of a domain; names in other scripts are written in Punycode (RFC 5890), as Entra ID wants them. */
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';

/** A sign-in name as directories hold them: those of guests, of synchronized people and of personal accounts, too. */
export const signInNamePattern = new RegExp(`^${atom}(?:\\.${atom})*@(?:${label}\\.)+${label}$`);

const atomOfNew = "[a-z0-9!#'^_~-]+";
const pattern = new RegExp(`^${atomOfNew}(?:\\.${atomOfNew})*$`);
const mostBeforeDomain = 64;

/**
 * Whether somebody who is made here may be called so before the `@`, in lower case (Microsoft Entra ID, "Username
 * policies"). Narrower than what a directory holds: guests and synchronized people come with other signs.
 */
export function mayBeginSignInName(localPart: string): boolean {
  return localPart.length <= mostBeforeDomain && pattern.test(localPart);
}
