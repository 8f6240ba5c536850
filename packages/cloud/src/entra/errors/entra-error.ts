import { aadstsHelpLink, lookUpAadsts } from '@latchkey/microsoft';

const badRequest = 400;

/**
 * A refusal with an AADSTS code. What it answers (OAuth error, status, sentence) stands in the table of codes;
 * `facts` fill the sentence's `{names}`.
 */
export class EntraError extends Error {
  override readonly name = 'EntraError';
  readonly code: number;
  /** The OAuth `error` of the v2 endpoints. */
  readonly error: string;
  readonly errorV1: string;
  readonly suberror: string | undefined;
  /** What the client sends back as `claims` with its next sign-in, as JSON; policies name themselves by it. */
  readonly claims: string | undefined;
  /** Microsoft's page about the code, where it has one. */
  readonly errorUri: string | undefined;
  /** HTTP status at the token endpoint. */
  readonly httpStatus: number;

  constructor(
    code: number,
    facts: Readonly<Record<string, string>> = {},
    options: { error?: string; claims?: string } = {},
  ) {
    const entry = lookUpAadsts(code);
    if (!entry) throw new Error(`AADSTS${code} is not in the table of codes.`);
    super(entry.message.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => facts[name] ?? placeholder));
    this.code = code;
    this.error = options.error ?? entry.error;
    this.errorV1 = options.error ?? entry.errorV1 ?? entry.error;
    this.suberror = entry.suberror;
    this.claims = options.claims;
    this.errorUri = entry.hasErrorUri === false ? undefined : aadstsHelpLink(code);
    this.httpStatus = entry.httpStatus ?? badRequest;
  }
}
