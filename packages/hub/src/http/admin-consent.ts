import type { CloudConfig, HubConfig } from '../config/config.ts';
import { redirectUriOf } from './callback-path.ts';

/** Whose page is shown when the administrator comes back: `registrations/{id}` or `connections/{id}`. */
type ConsentSubject = `${'registrations' | 'connections'}/${string}`;

interface ConsentRequest {
  /** GUID. */
  tenantId: string;
  clientId: string;
  subject: ConsentSubject;
  /** The permissions, named in full; null for everything that the application asks for. */
  scope: string | null;
}

const statePrefix = 'consent:';

/**
 * @returns where an administrator consents for the whole tenant. By v2 to the permissions named, by v1 to everything that the
 *   application asks for
 * Source: Microsoft's "Admin consent on the Microsoft identity platform", "Grant tenant-wide admin consent to an application".
 */
export function adminConsentUrl(
  config: Pick<HubConfig, 'publicUrl'> & { cloud: Pick<CloudConfig, 'authority'> },
  { tenantId, clientId, subject, scope }: ConsentRequest,
): string {
  const version = scope === null ? '' : '/v2.0';
  const url = new URL(`${config.cloud.authority}/${encodeURIComponent(tenantId)}${version}/adminconsent`);
  url.searchParams.set('client_id', clientId);
  if (scope !== null) url.searchParams.set('scope', scope);
  url.searchParams.set('redirect_uri', redirectUriOf(config));
  url.searchParams.set('state', `${statePrefix}${subject}`);
  return url.href;
}

/**
 * Reads what an administrator comes back with from the page of consent. It carries no code and proves nothing, so it only
 * leads to a page; a refusal has an `error` beside `admin_consent=True`.
 *
 * @returns the path of the UI's page, and whether it was refused; null for what is no such answer
 */
export function readConsentAnswer(query: URLSearchParams): { path: string; isRefused: boolean } | null {
  if (!query.has('admin_consent') || query.has('code')) return null;
  const [, kind, id] =
    /^consent:(registrations|connections)\/([\w-]{1,64})$/.exec(query.get('state') ?? '') ?? [];
  return { path: kind === undefined ? '/registrations' : `/${kind}/${id}`, isRefused: query.has('error') };
}
