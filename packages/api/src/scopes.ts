import { z } from 'zod';

/** What an API key may do, in the order in which it is offered. */
export const scopes = [
  'connections:read',
  'connections:write',
  'connections:token',
  'connections:proxy-read',
  'connections:proxy',
  'registrations:read',
  'registrations:write',
  'api-keys:read',
  'api-keys:write',
  'hub:read',
] as const;

export const scopeSchema = z.enum(scopes).meta({ id: 'Scope' });
/** What an API key may do. */
export type Scope = z.output<typeof scopeSchema>;

/** What each scope means, and which others come with it: who may change a thing may see it, too. */
export const scopeTable: Record<Scope, { means: string; implies: readonly Scope[] }> = {
  'connections:read': { means: 'See connections, their health and what happened to them', implies: [] },
  'connections:write': {
    means: 'Make, change, test, sign in and delete connections',
    implies: ['connections:read'],
  },
  'connections:token': { means: 'Get access tokens of connections', implies: [] },
  'connections:proxy-read': { means: 'Read from the CRM through connections', implies: [] },
  'connections:proxy': {
    means: 'Read from and write to the CRM through connections',
    implies: ['connections:proxy-read'],
  },
  'registrations:read': { means: 'See registrations and what happened to them', implies: [] },
  'registrations:write': {
    means: 'Make, change, repair and delete registrations',
    implies: ['registrations:read'],
  },
  'api-keys:read': { means: 'See API keys, by their first characters', implies: [] },
  'api-keys:write': {
    means: 'Make, replace and revoke API keys that may do no more than this one',
    implies: ['api-keys:read'],
  },
  'hub:read': { means: 'See the hub’s background work and what happened to it', implies: [] },
};

/** The start of the scopes that are about connections, and may be limited to some of them. */
const connectionsMark = 'connections:';

/** @returns whether a scope is about connections, so that a key may have it for some of them only */
export function isConnectionScope(scope: Scope): boolean {
  return scope.startsWith(connectionsMark);
}

/** @returns the scopes with all that they imply, in the table's order */
export function expandScopes(granted: readonly Scope[]): Scope[] {
  const expanded = new Set<Scope>(granted.flatMap((scope) => [scope, ...scopeTable[scope].implies]));
  return scopes.filter((scope) => expanded.has(scope));
}
