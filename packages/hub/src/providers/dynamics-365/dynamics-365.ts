import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import type { Provider } from '../provider.ts';
import { applicationUsers } from './application-users.ts';
import { checkTokenClaims } from './check-token-claims.ts';
import { explainLockOut, explainRefusal } from './explain-refusal.ts';
import { parseEnvironmentUrl } from './parse-environment-url.ts';
import { probeEnvironment } from './probe-environment.ts';
import { proofs } from './proofs.ts';

const delegatedPermission = wellKnownScopes.dynamicsCrm.user_impersonation.value;

/** Microsoft Dynamics 365 CRM: environments of Dataverse, called by its Web API. */
export const dynamics365: Provider = {
  id: 'dynamics-365',
  title: 'Dynamics 365',
  usualConnectionName: 'Microsoft Dynamics 365 CRM',
  api: {
    title: 'Dynamics CRM',
    appId: wellKnownIds.dynamicsCrm,
    // The API publishes no application permission.
    permission: delegatedPermission,
    absence: 'dynamics_not_in_tenant',
  },
  // Dataverse refuses the 53rd call of one user that runs at the same time (service protection limits, 0x80072326).
  concurrentCalls: 52,
  parseEnvironmentUrl,
  resourceParameters(row): Record<string, string> {
    const { endpoint_version: version, environment_url: resource, method } = row;
    if (version === 'v1') return { resource };
    if (method === 'client_credentials') return { scope: `${resource}/.default` };
    return { scope: `${resource}/${delegatedPermission} offline_access openid profile` };
  },
  checkTokenClaims,
  probeEnvironment,
  proofs,
  applicationUsers,
  explainRefusal,
  explainLockOut,
};
