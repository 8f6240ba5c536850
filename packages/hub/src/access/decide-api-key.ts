import { type CreateApiKey, expandScopes, isConnectionScope, type Scope, scopes } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import type { Caller } from './caller.ts';
import type { NewApiKey } from './create-api-key.ts';

/**
 * Decides what a new key is to be. It may do no more than whoever makes it, and one that is for certain connections may
 * do nothing but with these.
 *
 * @throws HubError `invalid_body` for an end that is past and connections that are not there; `scope_missing`
 */
export async function decideApiKey(
  context: Pick<HubContext, 'store' | 'clock'>,
  caller: Caller | null,
  { name, scopes: asked, connectionIds, expiresAt }: CreateApiKey,
): Promise<NewApiKey> {
  const own = scopesOf(caller);
  const all = connectionIds ? own.filter(isConnectionScope) : own;
  const granted = asked === undefined ? all : expandScopes(asked);
  refuseMoreThan(caller, granted);
  if (connectionIds) {
    refuseScopesBeyondConnections(granted);
    await refuseUnknownConnections(context, connectionIds);
  }
  return {
    name,
    scopes: granted,
    connectionIds: connectionIds ?? null,
    expiresAt: readEnd(context, expiresAt),
  };
}

/** @returns what a caller may do: a person's browser, all */
export function scopesOf(caller: Caller | null): Scope[] {
  return caller?.kind === 'api_key' ? scopes.filter((scope) => caller.scopes.has(scope)) : [...scopes];
}

/** Nobody makes a key that may do more than themselves. @throws HubError `scope_missing` */
export function refuseMoreThan(caller: Caller | null, granted: readonly Scope[]): void {
  const own = scopesOf(caller);
  const missing = granted.find((scope) => !own.includes(scope));
  if (missing === undefined) return;
  const detail = `An API key without the scope ${missing} can’t make one that has it.`;
  throw new HubError('scope_missing', { detail, missingScope: missing });
}

function refuseScopesBeyondConnections(granted: readonly Scope[]): void {
  const beyond = granted.filter((scope) => !isConnectionScope(scope));
  if (beyond.length === 0) return;
  const message = `A key for certain connections can’t have ${beyond.join(', ')}.`;
  throw new HubError('invalid_body', { fields: [{ path: 'scopes', message }] });
}

async function refuseUnknownConnections(
  { store }: Pick<HubContext, 'store'>,
  connectionIds: readonly string[],
): Promise<void> {
  const rows = await store.db
    .selectFrom('connections')
    .select('id')
    .where('id', 'in', connectionIds)
    .execute();
  const there = new Set(rows.map(({ id }) => id));
  const fields = connectionIds.flatMap((id, index) =>
    there.has(id) ? [] : [{ path: `connectionIds.${index}`, message: 'There is no such connection.' }],
  );
  if (fields.length > 0) throw new HubError('invalid_body', { fields });
}

function readEnd({ clock }: Pick<HubContext, 'clock'>, text: string | undefined): number | null {
  if (text === undefined) return null;
  const end = Date.parse(text);
  if (end > clock.now()) return end;
  throw new HubError('invalid_body', { fields: [{ path: 'expiresAt', message: 'This is past already.' }] });
}
