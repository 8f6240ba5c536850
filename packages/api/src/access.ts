import { z } from 'zod';
import { failureSchema } from './failures.ts';

const longestKeyName = 100;

/** What the code of a one-time link is traded for a session with. */
export const enterSchema = z.object({ code: z.string().min(1).describe('From the fragment of the link') });

export const sessionSchema = z
  .object({
    authenticated: z.boolean(),
    /** `browser` for a cookie session, `api_key` for a key. */
    kind: z.enum(['browser', 'api_key']).nullable(),
    expiresAt: z.string().nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof sessionSchema>;

export const createApiKeySchema = z.object({ name: z.string().trim().min(1).max(longestKeyName) });

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('The first characters, to recognise it by'),
    createdAt: z.string(),
    lastUsedAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
    failure: failureSchema.optional().describe('What is wrong with the stored key; left out when nothing is'),
  })
  .meta({ id: 'ApiKey' });
/** An API key as the API shows it. */
export type ApiKey = z.output<typeof apiKeySchema>;

export const createdApiKeySchema = apiKeySchema
  .extend({
    /** The whole key; shown this once. */
    key: z.string(),
  })
  .meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.output<typeof createdApiKeySchema>;
