import { z } from 'zod';

/**
 * What an API key may do: the one table from which the routes, the UI and docs/api-keys.md take it. A key that may
 * change a thing may see it, too.
 */
export const scopeTable = {
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
  'hub:read': { means: 'See the hub’s settings, its background work and what happened to it', implies: [] },
} as const satisfies Record<string, { means: string; implies: readonly string[] }>;

export type Scope = keyof typeof scopeTable;

export const scopes = Object.keys(scopeTable) as [Scope, ...Scope[]];

export const scopeSchema = z.enum(scopes).meta({ id: 'Scope' });

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
