import type { RemoteError } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';

/** What of a token request must not come to light (RFC 6749 §2.3.1, §4.1.3, §6; RFC 7521 §4.2; RFC 7636 §4.5; RFC 8628 §3.4). */
const secretParameters = [
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'refresh_token',
];
const withheld = '…';

/** Shorter values are no secret of Entra ID's, and to take each "r" out of a sentence leaves none. */
const shortestSecretLength = 8;

/**
 * Takes the secrets of a token request out of the failure that came of it. The server's words are kept and shown, and
 * a token URL that a person typed may lead to one that repeats the request.
 *
 * @param sent the parameters of the request
 */
export function withholdSentSecrets(failure: HubError, sent: URLSearchParams): HubError {
  const spellings = secretParameters
    .flatMap((name) => sent.getAll(name))
    .filter(({ length }) => length >= shortestSecretLength)
    .flatMap(spellingsOf)
    // The longest first: of a secret that contains another nothing may be left over.
    .toSorted((one, other) => other.length - one.length);
  const withhold = (text: string) =>
    spellings.reduce((kept, spelling) => kept.replaceAll(spelling, withheld), text);
  const { options, code, message } = failure;
  const remote = options.remote && withholdFromRemote(options.remote, withhold);
  return new HubError(code, { ...options, detail: withhold(message), ...(remote && { remote }) });
}

/** The code and its link are left: only digits of the answer come into them. */
function withholdFromRemote(remote: RemoteError, withhold: (text: string) => string): RemoteError {
  const withholdIfAny = (text: string | null) => (text === null ? null : withhold(text));
  return {
    ...remote,
    message: withhold(remote.message),
    oauthError: withholdIfAny(remote.oauthError),
    traceId: withholdIfAny(remote.traceId),
    correlationId: withholdIfAny(remote.correlationId),
    timestamp: withholdIfAny(remote.timestamp),
  };
}

/** @returns the secret as it is, in a form's encoding, and in a URL's */
function spellingsOf(secret: string): string[] {
  const inForm = new URLSearchParams([['', secret]]).toString().slice('='.length);
  return [secret, inForm, encodeURIComponent(secret)];
}
