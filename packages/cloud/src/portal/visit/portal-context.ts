import type { MovableClock } from '../../clock.ts';
import type { CloudContext } from '../../cloud-context.ts';
import type { FreshSecrets } from './fresh-secrets.ts';
import type { SentForms } from './sent-forms.ts';

/** What the portal is given at its start. */
export interface PortalOptions {
  /** How the portal redeems its own authorization codes at Entra ID's token endpoint. */
  fetch: (url: string, request: { method: 'POST'; body: URLSearchParams }) => Promise<Response>;
  /** Lets people move the cloud's time; null where nobody may. */
  movableClock: MovableClock | null;
}

/** The cloud's context with what only the portal has. */
export interface PortalContext extends CloudContext, PortalOptions {
  freshSecrets: FreshSecrets;
  sentForms: SentForms;
}
