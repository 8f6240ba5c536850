/** Who can put a failure right. `nobody`: it passes by itself; wait, the retry is automatic. */
export type WhoActs = 'user' | 'administrator' | 'developer' | 'operator' | 'nobody';

/**
 * What kind of failure it is.
 * - `transient`: the same request can succeed later, nothing needs changing.
 * - `interaction`: a person has to sign in, answer or consent.
 * - `terminal`: something has to be changed first: a setting, a secret, a request.
 */
export type FailureNature = 'transient' | 'terminal' | 'interaction';

/**
 * What the authorize endpoint does when it meets the failure: it redirects back with `error`, or it shows a page
 * and the app hears nothing. `token`: the failure does not occur there, only at the token endpoint.
 */
export type AadstsDelivery = 'token' | 'redirect' | 'page';

/** One AADSTS code: what Microsoft Entra ID answers, and what it means to the people concerned. */
export interface AadstsEntry {
  readonly code: number;
  /** The OAuth `error` that the v2 endpoint sends with it. */
  readonly error: string;
  /** The OAuth `error` of the v1 endpoint, where it differs. */
  readonly errorV1?: string;
  /** The `suberror` that the v2 endpoint sends with it. */
  readonly suberror?: string;
  /** HTTP status at the token endpoint; null where the code never comes from there. */
  readonly httpStatus: number | null;
  readonly delivery: AadstsDelivery;
  /** False where the answer has no `error_uri`, since Microsoft's look-up page knows no more. */
  readonly hasErrorUri?: false;
  /** The sentence as a server would say it. `{name}` marks what it fills in. */
  readonly message: string;
  /** Why it happens, in plain words. */
  readonly cause: string;
  readonly whoActs: WhoActs;
  /** What that person does. */
  readonly remedy: string;
  readonly nature: FailureNature;
}

/** AADSTS codes by the names under which code throws and compares them. */
export type AadstsCodes = Readonly<Record<string, AadstsEntry>>;
