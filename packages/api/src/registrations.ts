import { z } from 'zod';
import { signInLinkSchema } from './connections.ts';
import { failureSchema, timeSchema } from './failures.ts';
import { clientIdSchema, clientSecretSchema, pastedText, tenantIdSchema } from './pasted-text.ts';
import { redirectUriObjection } from './redirect-uri-rule.ts';

const longestName = 120;
const longestNameWithPersonalAccounts = 90;
const usualSecretLifetimeDays = 365;
/** The portal's own limit: 24 months. */
const longestSecretLifetimeDays = 730;

const nameSchema = pastedText(longestName);
const administratorSignInSchema = z.enum(['browser', 'device_code']);
const signInAudienceSchema = z.enum([
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
]);
export type SignInAudience = z.output<typeof signInAudienceSchema>;

const creationSchema = z
  .strictObject({
    kind: z.literal('created'),
    name: nameSchema,
    signInAudience: signInAudienceSchema.default('AzureADMyOrg'),
    /** Default: the hub's own. */
    redirectUri: z.string().trim().optional(),
    /** Tenant GUID or domain; default `organizations`, the administrator's own. */
    tenantId: z.union([z.literal('organizations'), tenantIdSchema.toLowerCase()]).default('organizations'),
    administratorSignIn: administratorSignInSchema,
    /** 1 to 730, default 365. */
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
/** A registration to be made, defaults filled in. */
export type Creation = z.output<typeof creationSchema>;

const adoptionSchema = z.strictObject({
  kind: z.literal('adopted'),
  name: nameSchema,
  tenantId: tenantIdSchema.toLowerCase(),
  clientId: clientIdSchema.toLowerCase(),
  clientSecret: clientSecretSchema.optional(),
  /** ISO 8601, as the portal shows it. */
  clientSecretEndsAt: z
    .union([z.iso.datetime({ offset: true }), z.iso.date()])
    .refine((text) => Date.parse(text) > 0, 'No secret ended before 1970.')
    .optional(),
  redirectUri: z.url().optional(),
});
/** A registration that exists, to be taken. */
export type Adoption = z.output<typeof adoptionSchema>;

/** What a client sends to make a registration, or to take one that exists. */
export const createRegistrationSchema = z.discriminatedUnion('kind', [creationSchema, adoptionSchema]);
export type CreateRegistration = z.input<typeof createRegistrationSchema>;

export const signInRequestSchema = z.strictObject({
  administratorSignIn: administratorSignInSchema.optional(),
});

/** The steps of a registration in their order. */
export const registrationStepNames = [
  'sign_in',
  'tenant',
  'resource',
  'application',
  'permissions',
  'service_principal',
  'consent',
  'client_secret',
  'proof',
] as const;
export type RegistrationStepName = (typeof registrationStepNames)[number];

const registrationStepSchema = z.object({
  name: z.enum(registrationStepNames),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'undone']),
  /** The fact that proves it, e.g. the application (client) id. */
  detail: z.string().nullable(),
  attempts: z.number(),
  startedAt: timeSchema.nullable(),
  durationMs: z.number().nullable(),
  failure: failureSchema.nullable(),
});
export type RegistrationStep = z.output<typeof registrationStepSchema>;

const administratorSignInOfferSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('browser'), ...signInLinkSchema.shape }),
  z.object({
    kind: z.literal('device_code'),
    userCode: z.string(),
    verificationUri: z.string(),
    message: z.string(),
    expiresAt: timeSchema,
  }),
]);
/** How the administrator may sign in: by a link, or by a device code. */
export type AdministratorSignIn = z.output<typeof administratorSignInOfferSchema>;

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
    /** Application (client) id. */
    clientId: z.string().nullable(),
    applicationObjectId: z.string().nullable(),
    servicePrincipalId: z.string().nullable(),
    /** What was asked for: today only the delegated `user_impersonation`; the API offers no application permission. */
    permissions: z.array(
      z.object({ api: z.string(), value: z.string(), type: z.enum(['delegated', 'application']) }),
    ),
    adminConsentGranted: z.boolean(),
    clientSecret: z
      .object({ keyId: z.string().nullable(), hint: z.string().nullable(), endsAt: timeSchema.nullable() })
      .nullable(),
    steps: z.array(registrationStepSchema),
    /** How the administrator signs in, while the state is `awaiting_sign_in`. */
    signIn: administratorSignInOfferSchema.nullable(),
    failure: failureSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Registration' });
export type Registration = z.output<typeof registrationSchema>;
export type RegistrationState = Registration['state'];
