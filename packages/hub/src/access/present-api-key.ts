import { type ApiKey, apiKeySchema } from '@latchkey/api';
import type { Selectable } from 'kysely';
import { toFailure } from '../errors/hub-error.ts';
import { toIso, toIsoIfUsable, unknownTime } from '../ground/clock.ts';
import { presentRow } from '../http/describe-damage.ts';
import type { Database } from '../store/schema.ts';
import { readApiKeyLimits } from './read-api-key-limits.ts';

export type ApiKeyRow = Selectable<Database['api_keys']>;

const remedy = 'Revoke this key and make another one, or restore the database from a backup.';

/** @returns a key as the API shows it; a damaged one says so */
export function presentApiKey(row: ApiKeyRow): ApiKey {
  const { id, name, prefix, replaced_by: replacedBy } = row;
  return presentRow({
    schema: apiKeySchema,
    whole: () => ({
      id,
      name,
      prefix,
      ...readApiKeyLimits(row),
      createdAt: toIso(row.created_at),
      lastUsedAt: toIso(row.last_used_at),
      expiresAt: toIso(row.expires_at),
      revokedAt: toIso(row.revoked_at),
      replacedBy,
    }),
    damaged: (error) => ({
      id,
      name,
      prefix,
      // What can't be read gives no right to anything.
      scopes: [],
      connectionIds: [],
      createdAt: toIsoIfUsable(row.created_at) ?? unknownTime,
      lastUsedAt: toIsoIfUsable(row.last_used_at),
      expiresAt: toIsoIfUsable(row.expires_at),
      // Any value revokes the key.
      revokedAt: row.revoked_at === null ? null : (toIsoIfUsable(row.revoked_at) ?? unknownTime),
      replacedBy,
      failure: { ...toFailure(error), remedy },
    }),
    neutral: { id: '', name: '', prefix: '', replacedBy: null },
  });
}
