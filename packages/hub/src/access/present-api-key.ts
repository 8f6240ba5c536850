import type { ApiKey } from '@latchkey/api';
import type { Selectable } from 'kysely';
import { toIso } from '../ground/clock.ts';
import type { Database } from '../store/schema.ts';

export type ApiKeyRow = Selectable<Database['api_keys']>;

export function presentApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: toIso(row.created_at),
    lastUsedAt: toIso(row.last_used_at),
    revokedAt: toIso(row.revoked_at),
  };
}
