import type { RequiredResourceAccess } from '../../directory/application-document.ts';
import { findApplicationByAppId, listApplications } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { allowsPersonalAccounts } from '../../directory/personal-accounts.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { checkRequiredResourceAccess } from '../application-parts/read-required-resource-access.ts';
import { badRequest, invalidValue } from '../errors/graph-error.ts';
import type { ApplicationDraft } from './apply-application-properties.ts';
import { checkRedirectUris } from './check-redirect-uris.ts';

/** The longest name where personal accounts sign in. */
const maximumPersonalNameLength = 90;
/** "Supported accounts validation": APIs of other tenants, Microsoft's own among them. */
const maximumForeignResources = 10;
/** Personal accounts take v2-shaped tokens alone. */
const personalTokenVersion = 2;

/**
 * The rules that span several properties or applications.
 *
 * @param id the application's own id, null while it is being made
 * @throws GraphError 400
 */
export function checkApplication(
  directory: Directory,
  { tenant, id, draft }: { tenant: Tenant; id: string | null; draft: ApplicationDraft },
): void {
  const { document } = draft;
  const personalAccounts = allowsPersonalAccounts(draft);
  if (personalAccounts && draft.displayName.length > maximumPersonalNameLength) {
    throw invalidValue(
      'displayName',
      `It has more than ${maximumPersonalNameLength} characters, the most where personal Microsoft accounts sign in.`,
    );
  }
  if (personalAccounts && document.api.requestedAccessTokenVersion !== personalTokenVersion) {
    throw invalidValue(
      'api.requestedAccessTokenVersion',
      `It must be ${personalTokenVersion} when signInAudience is '${document.signInAudience}'.`,
    );
  }
  checkRedirectUris(
    {
      web: document.web.redirectUris,
      spa: document.spa.redirectUris,
      publicClient: document.publicClient.redirectUris,
    },
    { personalAccounts },
  );
  checkRequiredResourceAccess(document.requiredResourceAccess, { personalAccounts });
  checkForeignResources(directory, tenant, document.requiredResourceAccess);
  checkIdentifierUris(directory, { tenant, id, identifierUris: document.identifierUris });
}

function checkForeignResources(
  directory: Directory,
  tenant: Tenant,
  entries: readonly RequiredResourceAccess[],
): void {
  const foreign = entries.filter(({ resourceAppId }) => {
    const application = findApplicationByAppId(directory, resourceAppId);
    return application !== undefined && application.tenantId !== tenant.id;
  });
  if (foreign.length > maximumForeignResources) {
    throw invalidValue(
      'requiredResourceAccess',
      `There are more than ${maximumForeignResources} resources of other tenants.`,
    );
  }
}

/** @throws GraphError 400 for addresses of foreign domains, and for those that another application has */
export function checkIdentifierUris(
  directory: Directory,
  { tenant, id, identifierUris }: { tenant: Tenant; id: string | null; identifierUris: readonly string[] },
): void {
  if (identifierUris.length === 0) return;
  for (const uri of identifierUris) {
    if (!URL.canParse(uri)) throw invalidValue('identifierUris', `'${uri}' is not a valid URI.`);
    const { protocol, hostname } = new URL(uri);
    const verified = tenant.domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
    if (/^https?:$/.test(protocol) && !verified) {
      throw badRequest(
        `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
        {
          code: 'HostNameNotOnVerifiedDomain',
          message: 'The domain is not verified.',
          target: 'identifierUris',
        },
      );
    }
  }
  const taken = new Set(
    listApplications(directory, tenant.id)
      .filter((other) => other.id !== id)
      .flatMap((other) => other.document.identifierUris),
  );
  if (new Set(identifierUris).size < identifierUris.length || identifierUris.some((uri) => taken.has(uri))) {
    throw badRequest('Another object with the same value for property identifierUris already exists.', {
      code: 'ObjectConflict',
      message: 'Another object with the same value for property identifierUris already exists.',
      target: 'identifierUris',
    });
  }
}
