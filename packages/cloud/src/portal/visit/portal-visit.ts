import type { Caller } from '../../graph/access/authenticate-caller.ts';
import type { Parameters } from '../../web/parse-form.ts';
import type { PortalPage } from '../pages/portal-page.ts';
import type { PortalSession } from '../session/sessions.ts';
import type { EnvironmentOrigin } from './environment-origins.ts';
import type { PortalContext } from './portal-context.ts';

/** A signed-in person's request to a page of the portal. */
export interface PortalVisit {
  context: PortalContext;
  session: PortalSession;
  /** The person as Microsoft Graph sees them; its rules decide what they may do. */
  caller: Extract<Caller, { kind: 'person' }>;
  /** Where the browser reaches the services: by the same scheme and the same kind of names as the portal. */
  origins: Readonly<Record<'entra' | 'graph', string>>;
  /** The Dynamics 365 environments of the person's directory. */
  environments: () => EnvironmentOrigin[];
  /** Of this page: a form that is sent twice carries the same one twice. */
  formId: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  form: Parameters;
}

/** What a request decided to show, or where it sends the browser. */
export type PortalAnswer = { kind: 'page'; page: PortalPage } | { kind: 'redirect'; location: string };

/** One page or one form of the portal. */
export interface PortalRoute {
  method: 'GET' | 'POST';
  path: string;
  handle: (visit: PortalVisit) => PortalAnswer | Promise<PortalAnswer>;
}

export function showPage(page: PortalPage): PortalAnswer {
  return { kind: 'page', page };
}

export function goTo(location: string): PortalAnswer {
  return { kind: 'redirect', location };
}
