import { redirectUriOf } from '../../http/callback-path.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { findOwnSecret } from './find-own-secret.ts';
import { judgeApplication, type ReadFacts } from './judge-application.ts';
import { leadsBackTo } from './leads-back-to.ts';

/**
 * What a registration learns from what Microsoft Graph told: the secret's key id and end, which are Graph's to say, the
 * object ids, and what is not as it has to be.
 */
export function applyFacts(
  { config, provider }: Pick<ProviderContext, 'config' | 'provider'>,
  row: RegistrationRow,
  facts: ReadFacts,
): RegistrationChange {
  const { application, servicePrincipal, grantedScopes } = facts;
  const redirectUri = redirectUriOf(config);
  const findings = judgeApplication(row, facts, { api: provider.api, redirectUri });
  const secret =
    application && row.sealed_client_secret !== null ? findOwnSecret(row, application) : undefined;
  return {
    check_findings: JSON.stringify(findings),
    ...(application && {
      application_object_id: application.id,
      entra_name: application.displayName ?? row.entra_name,
      // What is shown to be copied is what is sent.
      ...(leadsBackTo(application, redirectUri) && { redirect_uri: redirectUri }),
    }),
    ...(servicePrincipal && { service_principal_id: servicePrincipal.id }),
    ...(grantedScopes && {
      admin_consent_granted: grantedScopes.includes(provider.api.permission) ? 1 : 0,
    }),
    ...(secret && {
      client_secret_key_id: secret.keyId,
      client_secret_ends_at: secret.endDateTime ?? row.client_secret_ends_at,
    }),
  };
}
