/** One request to Entra ID that signs somebody or something in, as the log shows it. */
export interface SignInRecord {
  /** Epoch milliseconds of the cloud's clock. */
  time: number;
  /** `sign_in` is a step on the pages between the authorize request and its answer. */
  endpoint: 'authorize' | 'sign_in' | 'token';
  version: 1 | 2 | null;
  /** As the address named it: GUID, domain, `common`. */
  tenant: string;
  clientId: string | null;
  /** Sign-in name of the person, as far as known. */
  user: string | null;
  /** The grant type, or the response type of an authorize request. */
  grant: string | null;
  outcome: SignInOutcome;
  aadstsCode: number | null;
  /** Claims of the access token that was issued; the token itself is never kept. */
  claims: Readonly<Record<string, unknown>> | null;
  /** Every signed token that was issued, without its signature. */
  tokens: readonly IssuedToken[];
}

/** A JWT (RFC 7519) as people read it: what it says, and not what makes it good. */
export interface IssuedToken {
  kind: IssuedTokenKind;
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
}

export type IssuedTokenKind = 'access_token' | 'id_token';

/** `waiting`: a page asks the person for something. */
export type SignInOutcome = 'succeeded' | 'refused' | 'waiting';
