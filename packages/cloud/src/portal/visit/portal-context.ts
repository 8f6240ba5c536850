import type { MovableClock } from '../../clock.ts';
import type { Faults } from '../../faults/create-faults.ts';
import type { GraphContext } from '../../graph/operation/graph-operation.ts';
import type { SignInLog } from '../../sign-in-log/create-sign-in-log.ts';
import type { FreshSecrets } from './fresh-secrets.ts';
import type { SentForms } from './sent-forms.ts';

/** What the portal is given at its start. */
export interface PortalOptions {
  /** How the portal redeems its own authorization codes at Entra ID's token endpoint. */
  fetch: (url: string, request: { method: 'POST'; body: URLSearchParams }) => Promise<Response>;
  /** Lets people move the cloud's time; null where nobody may. */
  movableClock: MovableClock | null;
}

/** What the portal shows and changes of the cloud. */
export interface PortalCloud extends GraphContext {
  faults: Faults;
  signIns: SignInLog;
}

/** The same with what only the portal has. */
export interface PortalContext extends PortalCloud, PortalOptions {
  freshSecrets: FreshSecrets;
  sentForms: SentForms;
}
