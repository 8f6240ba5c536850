import { guidPattern } from '@latchkey/microsoft';
import { z } from 'zod';
import { failureSchema, timeSchema } from '../errors/failure-schema.ts';
import { redirectUriObjection } from './redirect-uri-rule.ts';
import { registrationStepNames } from './registration-steps.ts';

const longestName = 120;
const longestNameWithPersonalAccounts = 90;
const longestSecret = 512;
const usualSecretLifetimeDays = 365;
/** The portal's own limit: 24 months. */
const longestSecretLifetimeDays = 730;

const nameSchema = z.string().trim().min(1).max(longestName);
const administratorSignInSchema = z.enum(['browser', 'device_code']);
const signInAudienceSchema = z.enum([
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
]);
const domain = '(?:[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?\\.)+[a-z]{2,63}';
const tenantSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    new RegExp(`^(?:${guidPattern}|${domain})$`),
    'Give the directory (tenant) id, a GUID, or a domain of the tenant such as contoso.onmicrosoft.com.',
  );
const clientIdSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    new RegExp(`^${guidPattern}$`),
    'The application (client) id is a GUID; copy it from the overview of the app registration.',
  );

const creationSchema = z
  .strictObject({
    kind: z.literal('created'),
    name: nameSchema,
    signInAudience: signInAudienceSchema.default('AzureADMyOrg'),
    redirectUri: z.string().trim().optional(),
    tenantId: z.union([z.literal('organizations'), tenantSchema]).default('organizations'),
    administratorSignIn: administratorSignInSchema,
    secretLifetimeDays: z.int().min(1).max(longestSecretLifetimeDays).default(usualSecretLifetimeDays),
  })
  .superRefine(({ name, signInAudience, redirectUri }, issues) => {
    if (signInAudience.includes('Personal') && name.length > longestNameWithPersonalAccounts) {
      const message = `At most ${longestNameWithPersonalAccounts} characters where personal accounts may sign in.`;
      issues.addIssue({ code: 'custom', path: ['name'], message });
    }
    const objection =
      redirectUri === undefined ? undefined : redirectUriObjection(redirectUri, signInAudience);
    if (objection) issues.addIssue({ code: 'custom', path: ['redirectUri'], message: objection });
  });

const adoptionSchema = z.strictObject({
  kind: z.literal('adopted'),
  name: nameSchema,
  tenantId: tenantSchema,
  clientId: clientIdSchema,
  clientSecret: z.string().trim().min(1).max(longestSecret).optional(),
  clientSecretEndsAt: z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional(),
  redirectUri: z.url().optional(),
});

/** What a client sends to make a registration, or to take one that exists. */
export const createRegistrationSchema = z.discriminatedUnion('kind', [creationSchema, adoptionSchema]);
export type CreateRegistration = z.infer<typeof createRegistrationSchema>;
export type Creation = z.infer<typeof creationSchema>;
export type Adoption = z.infer<typeof adoptionSchema>;

export const signInRequestSchema = z.strictObject({
  administratorSignIn: administratorSignInSchema.optional(),
});

const registrationStepSchema = z.object({
  name: z.enum(registrationStepNames),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'undone']),
  detail: z.string().nullable(),
  attempts: z.number(),
  startedAt: timeSchema.nullable(),
  durationMs: z.number().nullable(),
  failure: failureSchema.nullable(),
});

const shownSignInSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('browser'), url: z.string(), expiresAt: timeSchema }),
  z.object({
    kind: z.literal('device_code'),
    userCode: z.string(),
    verificationUri: z.string(),
    message: z.string(),
    expiresAt: timeSchema,
  }),
]);

export const registrationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['created', 'adopted']),
    state: z.enum(['awaiting_sign_in', 'running', 'ready', 'failed', 'undoing', 'undone']),
    signInAudience: signInAudienceSchema,
    redirectUri: z.string(),
    tenantId: z.string().nullable(),
    tenantName: z.string().nullable(),
    clientId: z.string().nullable(),
    applicationObjectId: z.string().nullable(),
    servicePrincipalId: z.string().nullable(),
    permissions: z.array(
      z.object({ api: z.string(), value: z.string(), type: z.enum(['delegated', 'application']) }),
    ),
    adminConsentGranted: z.boolean(),
    clientSecret: z
      .object({ keyId: z.string().nullable(), hint: z.string().nullable(), endsAt: timeSchema.nullable() })
      .nullable(),
    steps: z.array(registrationStepSchema),
    signIn: shownSignInSchema.nullable(),
    failure: failureSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Registration' });
export type Registration = z.infer<typeof registrationSchema>;
