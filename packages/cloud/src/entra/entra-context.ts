import type { CloudContext } from '../cloud-context.ts';
import type { ReadMemory } from '../directory/remember-reads.ts';
import type { TenantPolicy } from '../directory/tenant-policy.ts';
import type { FindIssuerKeys } from './federation/remember-issuer-keys.ts';
import type { TenantScope } from './tenants/resolve-tenant.ts';
import type { AppTokenSubject } from './token/grants/grant-client-credentials.ts';

/** What Entra's own operations are given beside the cloud's context. */
export interface EntraContext extends CloudContext {
  /** Seals what the pages carry from step to step. */
  flowKey: Buffer;
  tenantScopes: ReadMemory<TenantScope>;
  policies: ReadMemory<TenantPolicy>;
  appTokenSubjects: ReadMemory<AppTokenSubject>;
  findIssuerKeys: FindIssuerKeys;
}
