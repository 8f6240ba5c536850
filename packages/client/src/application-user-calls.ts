import type { ApplicationUser, BeginApplicationUser } from '@latchkey/api';
import type { CallOptions, HubTransport } from './hub-transport.ts';

function pathOf(connectionId: string, rest = ''): string {
  return `/api/v1/connections/${encodeURIComponent(connectionId)}/application-user${rest}`;
}

/** Calls about a connection's application user in its environment. Each throws HubProblemError or HubUnreachableError. */
export function applicationUserCalls(transport: HubTransport) {
  return {
    get: (connectionId: string, options: CallOptions = {}) =>
      transport.json<ApplicationUser>({ method: 'GET', path: pathOf(connectionId), ...options }),

    /**
     * Begins: an administrator of the environment signs in by the answer's `signIn`. Without roles they are chosen
     * afterwards, from `availableRoles`.
     */
    begin: (connectionId: string, body: BeginApplicationUser = {}, options: CallOptions = {}) =>
      transport.json<ApplicationUser>({ method: 'POST', path: pathOf(connectionId), body, ...options }),

    /** @param roles Ids or names of the environment's own list. */
    chooseRoles: (connectionId: string, roles: string[], options: CallOptions = {}) =>
      transport.json<ApplicationUser>({
        method: 'POST',
        path: pathOf(connectionId, '/roles'),
        body: { roles },
        ...options,
      }),

    /** Goes on from the failed step; with a fresh sign-in where that takes one. */
    retry: (connectionId: string, options: CallOptions = {}) =>
      transport.json<ApplicationUser>({ method: 'POST', path: pathOf(connectionId, '/retry'), ...options }),

    /** Takes back the roles that the hub gave, and the user where the hub made it. */
    undo: (connectionId: string, options: CallOptions = {}) =>
      transport.json<ApplicationUser>({ method: 'POST', path: pathOf(connectionId, '/undo'), ...options }),
  };
}
