import type { RegistrationFinding } from '@latchkey/api';
import type { ProviderApi } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { findOwnSecret } from './find-own-secret.ts';
import { leadsBackTo } from './leads-back-to.ts';
import type { ApplicationFacts, ServicePrincipalFacts } from './read-application.ts';

/** What Microsoft Graph told of a registration's application. */
export interface ReadFacts {
  application: ApplicationFacts | undefined;
  servicePrincipal: ServicePrincipalFacts | undefined;
  /** The delegated permissions granted for everybody; null where nobody may read them. */
  grantedScopes: readonly string[] | null;
  /** Id of the API's delegated permission; null where the API was not found. */
  permissionId: string | null;
}

interface Needs {
  api: ProviderApi;
  /** Where the hub is reached now. */
  redirectUri: string;
}

/** Holds an application against what its registration needs. @returns what is not as it has to be, the gravest first */
export function judgeApplication(
  row: RegistrationRow,
  { application, servicePrincipal, grantedScopes, permissionId }: ReadFacts,
  { api, redirectUri }: Needs,
): RegistrationFinding[] {
  if (!application) return [findings.application_gone()];
  const found: RegistrationFinding[] = [];
  if (!servicePrincipal) found.push(findings.service_principal_gone());
  else if (servicePrincipal.accountEnabled === false) found.push(findings.service_principal_disabled());
  if (hasLostCredential(row, application)) {
    found.push(row.credential_kind === 'certificate' ? findings.certificate_gone() : findings.secret_gone());
  }
  const asked = application.requiredResourceAccess.find(({ resourceAppId }) => resourceAppId === api.appId);
  const isAskedFor = asked?.resourceAccess.some(({ id, type }) => id === permissionId && type === 'Scope');
  if (permissionId !== null && !isAskedFor) found.push(findings.permission_missing(api));
  if (grantedScopes !== null && !grantedScopes.includes(api.permission))
    found.push(findings.consent_missing(api));
  if (!leadsBackTo(application, redirectUri)) found.push(findings.redirect_uri_missing(redirectUri));
  return found;
}

/** A federated credential is not among what was read; where it is gone, it is refused. */
function hasLostCredential(row: RegistrationRow, application: ApplicationFacts): boolean {
  if (row.client_secret_key_id === null || row.credential_kind === 'federated') return false;
  return !findOwnSecret(row, application);
}

const findings = {
  application_gone: () =>
    finding(
      'application_gone',
      'The application is no longer in the tenant.',
      'Restore it in the portal under "Deleted applications" within 30 days, or make a new registration.',
    ),
  service_principal_gone: () =>
    finding(
      'service_principal_gone',
      'The application has no service principal in the tenant, so nobody can sign in with it.',
      'Grant admin consent by the link on the registration’s page: that makes it again.',
    ),
  service_principal_disabled: () =>
    finding(
      'service_principal_disabled',
      'Sign-in is switched off for the application.',
      'Set "Enabled for users to sign in?" to Yes under Enterprise applications, Properties.',
    ),
  secret_gone: () =>
    finding(
      'secret_gone',
      'The client secret was removed from the application; Microsoft will refuse it.',
      'Give the registration another secret, or rotate it with an administrator’s sign-in.',
    ),
  certificate_gone: () =>
    finding(
      'certificate_gone',
      'The certificate was removed from the application; Microsoft will refuse it.',
      'Download it on the registration’s page and upload it again, or rotate it with an administrator’s sign-in.',
    ),
  permission_missing: ({ title, permission }: ProviderApi) =>
    finding(
      'permission_missing',
      `The application does not ask for ${title} ${permission}.`,
      `Add the delegated permission ${permission} of ${title} under "API permissions", or have an administrator repair it.`,
    ),
  consent_missing: ({ title, permission }: ProviderApi) =>
    finding(
      'consent_missing',
      `Nobody has consented to ${title} ${permission} for the whole tenant.`,
      'Grant admin consent by the link on the registration’s page, or let each person consent at the sign-in.',
    ),
  redirect_uri_missing: (redirectUri: string) =>
    finding(
      'redirect_uri_missing',
      `The application does not lead back to ${redirectUri}, where the hub is now: sign-ins fail with AADSTS50011.`,
      `Add ${redirectUri} under "Authentication", platform Web, or have an administrator repair it.`,
    ),
};

function finding(code: RegistrationFinding['code'], detail: string, remedy: string): RegistrationFinding {
  return { code, detail, whoActs: 'administrator', remedy };
}
