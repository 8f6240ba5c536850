import { type ApiKey, apiKeySchema } from '@latchkey/api';
import { toFailure } from '../errors/hub-error.ts';
import { toIso, toIsoIfUsable, unknownTime } from '../ground/clock.ts';
import { presentRow } from '../http/describe-damage.ts';
import type { ApiKeyRow } from './api-key-row.ts';
import { readApiKeyLimits } from './read-api-key-limits.ts';

const remedy = 'Revoke this key and make another one, or restore the database from a backup.';

/** @returns a key as the API shows it; a damaged one says so. @param now epoch milliseconds */
export function presentApiKey(row: ApiKeyRow, now: number): ApiKey {
  const { id, name, prefix, replaced_by: replacedBy } = row;
  return presentRow({
    schema: apiKeySchema,
    whole: () => ({
      id,
      name,
      prefix,
      state: stateOf(row, now),
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
      state: stateOf(row, now),
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

/** @returns how a key stands. A revoked one stays revoked past its end. @param now epoch milliseconds */
export function stateOf(
  { revoked_at, expires_at }: Pick<ApiKeyRow, 'revoked_at' | 'expires_at'>,
  now: number,
): ApiKey['state'] {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && expires_at <= now ? 'expired' : 'active';
}
