import type { Scope } from '@latchkey/api';
import type { Kysely } from 'kysely';
import { createId } from '../ground/create-id.ts';
import { digest } from '../ground/digest.ts';
import type { HubContext } from '../hub-context.ts';
import type { Database } from '../store/schema.ts';
import type { ApiKeyRow } from './api-key-row.ts';

const keyBytes = 32;
const keyMark = 'lk_';
/** Enough to recognise a key by in a list, far too little to guess the rest. */
const prefixLength = 11;

/** What a key is to be; left out, it may do all, with all connections, for ever. */
export interface NewApiKey {
  name: string;
  scopes?: readonly Scope[] | null;
  connectionIds?: readonly string[] | null;
  /** Epoch milliseconds. */
  expiresAt?: number | null;
}

/** @returns the stored row, and the whole key, which is known only here and now */
export async function createApiKey(
  context: Pick<HubContext, 'store' | 'clock' | 'random'>,
  { name, scopes = null, connectionIds = null, expiresAt = null }: NewApiKey,
): Promise<{ row: ApiKeyRow; key: string }> {
  const limits = { scopes: toColumn(scopes), connection_ids: toColumn(connectionIds), expires_at: expiresAt };
  return insertApiKey(context, context.store.db, { name, ...limits });
}

/** The same within a transaction, with its limits as they are stored. */
export async function insertApiKey(
  { clock, random }: Pick<HubContext, 'clock' | 'random'>,
  db: Kysely<Database>,
  limits: Pick<ApiKeyRow, 'name' | 'scopes' | 'connection_ids' | 'expires_at'>,
): Promise<{ row: ApiKeyRow; key: string }> {
  const key = `${keyMark}${random.bytes(keyBytes).toString('base64url')}`;
  const row = await db
    .insertInto('api_keys')
    .values({
      ...limits,
      id: createId(random),
      prefix: key.slice(0, prefixLength),
      key_hash: digest(key),
      created_at: clock.now(),
      last_used_at: null,
      revoked_at: null,
      replaced_by: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, key };
}

function toColumn(list: readonly string[] | null): string | null {
  return list && JSON.stringify(list);
}
