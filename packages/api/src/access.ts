import { z } from 'zod';
import { failureSchema, timeSchema } from './failures.ts';
import { scopeSchema } from './scopes.ts';

const longestKeyName = 100;
/** Of one key; who needs more makes a key for all. */
const mostConnectionIds = 100;
const mostOverlapHours = 720;
/** How many hours a replaced key goes on beside the new one, where nobody says another number. */
const usualOverlapHours = 24;

/** What the code of a one-time link is traded for a session with. */
export const enterSchema = z.object({ code: z.string().min(1).describe('From the fragment of the link') });

export const sessionSchema = z
  .object({
    authenticated: z.boolean(),
    /** `browser` for a cookie session, `api_key` for a key. */
    kind: z.enum(['browser', 'api_key']).nullable(),
    expiresAt: timeSchema.nullable(),
    scopes: z.array(scopeSchema).describe('What the caller may do'),
    connectionIds: z.array(z.string()).nullable().describe('With which connections; null for all'),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof sessionSchema>;

/** What a new key may do. Strict: a limit with a mistyped name must not make a key without limits. */
export const createApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(longestKeyName),
  scopes: z
    .array(scopeSchema)
    .min(1)
    .optional()
    .describe('What the key may do, no more than the caller; left out, as much as the caller'),
  connectionIds: z
    .array(z.string().min(1))
    .min(1)
    .max(mostConnectionIds)
    .optional()
    .describe('The only connections that the key is for; left out, all, those made later included'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When the key ends by itself; left out, never'),
});
export type CreateApiKey = z.input<typeof createApiKeySchema>;

export const rotateApiKeySchema = z.strictObject({
  overlapHours: z
    .int()
    .min(0)
    .max(mostOverlapHours)
    .default(usualOverlapHours)
    .describe('How long the old key goes on beside the new one'),
});
export type RotateApiKey = z.input<typeof rotateApiKeySchema>;

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('The first characters, to recognise it by'),
    state: z.enum(['active', 'expired', 'revoked']),
    scopes: z.array(scopeSchema).describe('What it may do, with all that this implies'),
    connectionIds: z
      .array(z.string())
      .nullable()
      .describe('The only connections that it is for; null for all'),
    createdAt: timeSchema,
    lastUsedAt: timeSchema.nullable(),
    expiresAt: timeSchema.nullable().describe('When it ends, or has ended, by itself; null for never'),
    revokedAt: timeSchema.nullable(),
    replacedBy: z.string().nullable().describe('The id of the key that came in its place'),
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
