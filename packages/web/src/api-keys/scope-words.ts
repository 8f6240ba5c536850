import type { Scope } from '@latchkey/client';

/** What each scope lets a key do. */
export const scopeWords: Record<Scope, string> = {
  'connections:read': 'See connections, their health and what happened to them',
  'connections:write': 'Make, change, test, sign in and delete connections',
  'connections:token': 'Get access tokens of connections',
  'connections:proxy-read': 'Read from the CRM through connections',
  'connections:proxy': 'Read from and write to the CRM through connections',
  'registrations:read': 'See registrations and what happened to them',
  'registrations:write': 'Make, change, repair and delete registrations',
  'api-keys:read': 'See API keys, by their first characters',
  'api-keys:write': 'Make, replace and revoke API keys that may do no more than this one',
  'hub:read': 'See the hub’s background work and what happened to it',
};

export const allScopes: readonly Scope[] = [
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
];

/** What most keys are for. */
export const purposes = {
  all: { title: 'Everything', scopes: allScopes },
  token: { title: 'Get access tokens', scopes: ['connections:token'] },
  proxy: { title: 'Call the CRM', scopes: ['connections:proxy'] },
  read: { title: 'Read from the CRM', scopes: ['connections:proxy-read'] },
} as const satisfies Record<string, { title: string; scopes: readonly Scope[] }>;

/** @returns in a few words what a key may do */
export function describeScopes(scopes: readonly Scope[]): string {
  if (scopes.length === allScopes.length) return purposes.all.title;
  if (scopes.length === 0) return 'Nothing';
  // The broader one implies the narrower one.
  const told = scopes.filter(
    (scope) => scope !== 'connections:proxy-read' || !scopes.includes('connections:proxy'),
  );
  const only = Object.values(purposes).find(
    ({ scopes: of }) => told.length === 1 && of[0] === told[0] && of.length === 1,
  );
  return only ? only.title : told.join(', ');
}
