import type { ReadMemory } from '../directory/remember-reads.ts';
import type { TenantPolicy } from '../directory/tenant-policy.ts';
import type { ReplicationDelay } from '../faults/replication-delay.ts';
import type { TokenContext } from '../jwt/token-context.ts';
import type { SignInLog } from '../sign-in-log/create-sign-in-log.ts';
import type { TenantScope } from './tenants/resolve-tenant.ts';

/** What Entra ID is given at its start. */
export interface EntraServices extends TokenContext {
  /** How late the token endpoint sees what was written through Graph. */
  replication: ReplicationDelay;
  /** Who signed in, and who was refused. */
  signIns: SignInLog;
}

/** The same with what Entra ID makes of it for its own operations. */
export interface EntraContext extends EntraServices {
  /** Seals what the pages carry from step to step. */
  flowKey: Buffer;
  tenantScopes: ReadMemory<TenantScope>;
  policies: ReadMemory<TenantPolicy>;
}
