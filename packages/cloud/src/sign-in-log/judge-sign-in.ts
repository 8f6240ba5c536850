import { httpStatus } from '../ground/http-status.ts';
import type { SignInOutcome } from './sign-in-record.ts';

/** An answer of Entra ID, as it goes out. */
export interface SentAnswer {
  status: number;
  location: string | undefined;
  /** A page or JSON; empty when there is none. */
  body: string;
}

/** What an answer says about the sign-in. */
export interface SignInVerdict {
  outcome: SignInOutcome;
  aadstsCode: number | null;
}

const writtenCode = /(?:AADSTS|Error Code: |"error_codes":\[)(\d+)/;
const issuedParameter = /[?#&](?:code|id_token|access_token)=/;
const issuedField = /name="(?:code|id_token|access_token)"/;

/** Judges an answer of the token endpoint: JSON, with the code in `error_codes`. */
export function judgeTokenAnswer({ status, body }: SentAnswer): SignInVerdict {
  if (status < httpStatus.badRequest) return { outcome: 'succeeded', aadstsCode: null };
  return { outcome: 'refused', aadstsCode: codeIn(body) };
}

/** Judges an answer to a browser: a redirect (or a form) to the app, an error page, or a page that asks. */
export function judgePageAnswer({ status, location, body }: SentAnswer): SignInVerdict {
  if (location !== undefined) {
    if (issuedParameter.test(location)) return { outcome: 'succeeded', aadstsCode: null };
    const code = codeIn(location);
    return { outcome: code === null ? 'waiting' : 'refused', aadstsCode: code };
  }
  if (issuedField.test(body)) return { outcome: 'succeeded', aadstsCode: null };
  const code = codeIn(body);
  return {
    outcome: code === null && status < httpStatus.badRequest ? 'waiting' : 'refused',
    aadstsCode: code,
  };
}

function codeIn(text: string): number | null {
  const [, code] = writtenCode.exec(text) ?? [];
  return code === undefined ? null : Number(code);
}
