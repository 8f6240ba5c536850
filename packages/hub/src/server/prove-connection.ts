import type { ApplicationUserContext } from '../application-users/application-user-context.ts';
import { testConnection } from '../connections/test-connection.ts';
import { HubError } from '../errors/hub-error.ts';
import { restoreFailure } from '../evidence/judge-failure.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/** @returns the context of application users, to which a connection's own test is handed in as their proof */
export function withConnectionProof(context: TokenContext): ApplicationUserContext {
  return {
    ...context,
    async proveConnection(connectionId) {
      const { outcome } = await testConnection(context, connectionId);
      if (outcome === 'passed') return;
      const { connection } = await readTokenState(context, connectionId);
      throw restoreFailure(connection) ?? new HubError('crm_unavailable');
    },
  };
}
