import { guidPattern } from '@latchkey/microsoft';
import { z } from 'zod';
import { failureSchema, timeSchema, whoActsSchema } from '../errors/failure-schema.ts';

const longestName = 120;
const longestDescription = 2000;
const longestAddress = 32_768;
const longestSecret = 512;
const longestToken = 65_536;
const shortestTimeoutSeconds = 1;
const longestTimeoutSeconds = 120;

/** Values are pasted, so blanks around them mean nothing. */
const pasted = (longest: number) => z.string().trim().min(1).max(longest);

const domainPattern = '(?:[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?\\.)+[a-z]{2,63}';

const nameSchema = pasted(longestName);
const descriptionSchema = z.string().trim().max(longestDescription);
const timeoutSchema = z.int().min(shortestTimeoutSeconds).max(longestTimeoutSeconds);
const secretSchema = pasted(longestSecret);
const tokenSchema = pasted(longestToken);
const clientIdSchema = z
  .string()
  .trim()
  .regex(
    new RegExp(`^${guidPattern}$`, 'i'),
    'The application (client) id is a GUID; copy it from the overview of the app registration.',
  );
const tenantSchema = z
  .string()
  .trim()
  .regex(
    new RegExp(`^(?:${guidPattern}|${domainPattern})$`, 'i'),
    'Give the directory (tenant) id, a GUID, or a domain of the tenant such as contoso.onmicrosoft.com.',
  );

const ofEveryMethod = {
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  environmentUrl: pasted(longestAddress),
  requestTimeoutSeconds: timeoutSchema.optional(),
  tenantId: tenantSchema.optional(),
};

/** What a client sends to make a connection, by one of three methods. */
export const createConnectionSchema = z.discriminatedUnion('method', [
  z.strictObject({
    ...ofEveryMethod,
    method: z.literal('sign_in'),
    endpointVersion: z.enum(['v1', 'v2']).optional(),
    registrationId: z.string().optional(),
    clientId: clientIdSchema.optional(),
    clientSecret: secretSchema.optional(),
  }),
  z.strictObject({
    ...ofEveryMethod,
    method: z.literal('manual'),
    clientId: clientIdSchema,
    clientSecret: secretSchema.optional(),
    accessToken: tokenSchema.optional(),
    refreshToken: tokenSchema.optional(),
    tokenUrl: pasted(longestAddress).optional(),
  }),
  z.strictObject({
    ...ofEveryMethod,
    method: z.literal('client_credentials'),
    registrationId: z.string().optional(),
    clientId: clientIdSchema.optional(),
    clientSecret: secretSchema.optional(),
  }),
]);
export type CreateConnection = z.infer<typeof createConnectionSchema>;

export const updateConnectionSchema = z.strictObject({
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  requestTimeoutSeconds: timeoutSchema.optional(),
  disabled: z.boolean().optional(),
  clientSecret: secretSchema.optional(),
});
export type UpdateConnection = z.infer<typeof updateConnectionSchema>;

const connectionStatusSchema = z
  .object({
    state: z.enum(['ready', 'limited', 'needs_sign_in', 'failing', 'blocked', 'disabled']),
    reason: z.string(),
    whoActs: whoActsSchema,
    remedy: z.string(),
    failure: failureSchema.nullable(),
    lastProvenAt: timeSchema.nullable(),
    lastRefreshedAt: timeSchema.nullable(),
    nextRefreshAt: timeSchema.nullable(),
    nextTryAt: timeSchema.nullable(),
    endsAt: timeSchema.nullable(),
  })
  .meta({ id: 'ConnectionStatus' });

export const connectionSchema = z
  .object({
    id: z.string(),
    provider: z.literal('dynamics-365'),
    name: z.string(),
    description: z.string(),
    method: z.enum(['sign_in', 'manual', 'client_credentials']),
    environmentUrl: z.string(),
    tenantId: z.string().nullable(),
    clientId: z.string(),
    registrationId: z.string().nullable(),
    endpointVersion: z.enum(['v1', 'v2']),
    tokenUrl: z.string().nullable(),
    hasClientSecret: z.boolean(),
    hasRefreshToken: z.boolean(),
    user: z.string().nullable(),
    requestTimeoutSeconds: z.number(),
    disabled: z.boolean(),
    status: connectionStatusSchema,
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof connectionSchema>;

export const signInLinkSchema = z.object({ url: z.string(), expiresAt: timeSchema });

const testStepSchema = z.object({
  name: z.enum(['address', 'tls', 'discovery', 'token', 'claims', 'who_am_i', 'read']),
  title: z.string(),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  detail: z.string(),
  durationMs: z.number(),
  failure: failureSchema.nullable(),
});
export type TestStep = z.infer<typeof testStepSchema>;

export const connectionTestSchema = z
  .object({
    outcome: z.enum(['passed', 'failed']),
    testedAt: timeSchema,
    steps: z.array(testStepSchema),
    status: connectionStatusSchema,
  })
  .meta({ id: 'ConnectionTest' });
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

export const accessTokenSchema = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresAt: timeSchema,
    environmentUrl: z.string(),
  })
  .meta({ id: 'AccessToken' });

export const tokenFactsSchema = z
  .object({
    audience: z.string().nullable(),
    tenantId: z.string().nullable(),
    clientId: z.string().nullable(),
    user: z.string().nullable(),
    objectId: z.string().nullable(),
    scopes: z.array(z.string()),
    roles: z.array(z.string()),
    tokenVersion: z.string().nullable(),
    issuedAt: timeSchema.nullable(),
    expiresAt: timeSchema.nullable(),
    refreshTokenObtainedAt: timeSchema.nullable(),
  })
  .meta({ id: 'TokenFacts' });
export type TokenFacts = z.infer<typeof tokenFactsSchema>;
