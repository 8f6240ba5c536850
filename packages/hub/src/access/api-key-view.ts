import type { Selectable } from 'kysely';
import { z } from 'zod';
import { toIso } from '../ground/to-iso.ts';
import type { Database } from '../store/schema.ts';

export type ApiKeyRow = Selectable<Database['api_keys']>;

/** An API key as the API shows it. */
export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('The first characters, to recognise it by'),
    createdAt: z.string(),
    lastUsedAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

export function apiKeyView(row: ApiKeyRow): z.output<typeof apiKeySchema> {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: toIso(row.created_at),
    lastUsedAt: toIso(row.last_used_at),
    revokedAt: toIso(row.revoked_at),
  };
}
