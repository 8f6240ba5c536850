import type { KeyCredential } from '../../directory/application-document.ts';
import type { ClientSecret } from '../../directory/client-secrets.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { presentMoment } from '../operation/present-moment.ts';

/** A client secret as reads show it: its text is never there again. */
export function presentClientSecret({
  keyId,
  displayName,
  hint,
  startAt,
  endAt,
}: ClientSecret): GraphResource {
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime: presentMoment(endAt),
    hint,
    keyId,
    secretText: null,
    startDateTime: presentMoment(startAt),
  };
}

/** A certificate as reads show it: without its bytes. */
export function presentKeyCredential(credential: KeyCredential): GraphResource {
  return { ...credential, key: null };
}
