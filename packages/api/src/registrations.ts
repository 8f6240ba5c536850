import { z } from 'zod';
import { clientCredentialKindSchema, signInLinkSchema } from './connections.ts';
import { failureSchema, timeSchema, whoActsSchema } from './failures.ts';
import {
  clientCertificateSchema,
  clientIdSchema,
  clientSecretSchema,
  pastedText,
  tenantIdSchema,
} from './pasted-text.ts';
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

const mostRotationDays = 180;
/** How many days before its end a secret is replaced, where nobody says another number. */
export const usualRotationDays = 30;

const mostRotationGraceHours = 720;
/** How many hours an old secret goes on beside the new one, where nobody says another number. */
export const usualRotationGraceHours = 24;

/** When the hub replaces a registration's client secret by itself. */
const rotationSettingsSchema = z.strictObject({
  /** `automatic`: where the application may change its own secrets. */
  policy: z.enum(['automatic', 'by_hand']).optional(),
  /** 1 to 180, default 30. */
  daysBeforeEnd: z.int().min(1).max(mostRotationDays).optional(),
  /** How long the old secret goes on beside the new one: 0 to 720, default 24. */
  graceHours: z.int().min(0).max(mostRotationGraceHours).optional(),
});

/** As the portal shows it: a day, or a moment. */
const secretEndSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .refine((text) => Date.parse(text) > 0, 'No secret ended before 1970.');
/**
 * What an application proves itself by: a secret that Entra ID makes, a certificate whose key the hub makes and keeps, or the
 * hub's identity on its platform, without any secret.
 */
const registrationCredentialSchema = z.enum(['secret', 'certificate', 'federated']);
export type RegistrationCredential = z.output<typeof registrationCredentialSchema>;

/** Who the application trusts in place of a secret, letter by letter. */
export const federatedIdentitySchema = z.object({
  issuer: z.string(),
  subject: z.string(),
  audience: z.string(),
});
/** Of a secret or certificate that is made: 1 to 730, default 365. */
const lifetimeSchema = z.int().min(1).max(longestSecretLifetimeDays).default(usualSecretLifetimeDays);

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
    credential: registrationCredentialSchema.default('secret'),
    secretLifetimeDays: lifetimeSchema,
    /** Lets the application change its own credentials; giving that takes a Global or Privileged Role Administrator. */
    automaticRotation: z.boolean().default(false),
    rotation: rotationSettingsSchema.optional(),
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
  clientSecretEndsAt: secretEndSchema.optional(),
  /** `certificate` without `clientCertificate`: the hub makes one, to be downloaded and uploaded by hand. */
  credential: registrationCredentialSchema.optional(),
  /** A certificate that the application has, with its private key; never beside a client secret. */
  clientCertificate: clientCertificateSchema.optional(),
  secretLifetimeDays: lifetimeSchema,
  redirectUri: z.url().optional(),
  rotation: rotationSettingsSchema.optional(),
});
/** A registration that exists, to be taken. */
export type Adoption = z.output<typeof adoptionSchema>;

/** What a client sends to make a registration, or to take one that exists. */
export const createRegistrationSchema = z.discriminatedUnion('kind', [creationSchema, adoptionSchema]);
export type CreateRegistration = z.input<typeof createRegistrationSchema>;

export const updateRegistrationSchema = z.strictObject({
  /** What the registration is called; in Entra ID, too, where the application may change itself: `nameInEntra` tells. */
  name: nameSchema.optional(),
  /** Replaces the secret once Microsoft has issued a token for it; every connection stays. */
  clientSecret: clientSecretSchema.optional(),
  /** ISO 8601, as the portal shows it; of the new secret, or of the present one where none is given. */
  clientSecretEndsAt: secretEndSchema.optional(),
  /** A certificate that the application has, with its private key: taken as a secret is, and never beside one. */
  clientCertificate: clientCertificateSchema.optional(),
  rotation: rotationSettingsSchema.optional(),
});
export type UpdateRegistration = z.input<typeof updateRegistrationSchema>;

/** Which way an administrator signs in for something that a ready registration needs. */
export const administratorTaskSchema = z.strictObject({ administratorSignIn: administratorSignInSchema });

/** What a rotation by hand needs where the application may not rotate itself. */
export const rotateSchema = administratorTaskSchema.partial().extend({
  /** Left out: of the same kind as the present one. `federated` takes an identity of the hub's on its platform. */
  credential: registrationCredentialSchema.optional(),
});

/** What is asked before a registration is deleted, here or in Entra ID. */
export const endRegistrationSchema = z.strictObject({
  /** Go on though connections stop working. */
  force: z.stringbool().default(false),
  /** `leave`: what the hub has made for its connections in environments stays there. */
  applicationUsers: z.enum(['leave']).optional(),
});

const applicationUserInPlaceSchema = z.object({
  connectionId: z.string(),
  connectionName: z.string(),
  environmentUrl: z.string(),
  /** Id of the row in `systemusers`; null where the hub was stopped before it knew. */
  userId: z.string().nullable(),
  /** Whether the hub has made the user, and not only given it roles. */
  madeByHub: z.boolean(),
});
/** What the hub has made in an environment, which takes a sign-in of that one's administrator to be undone. */
export type ApplicationUserInPlace = z.output<typeof applicationUserInPlaceSchema>;

export const registrationUsageSchema = z
  .object({
    /** How many connections sign in with the registration, and would stop without it. */
    connections: z.number(),
    /** Some of them, by their names. */
    first: z.array(z.object({ id: z.string(), name: z.string() })),
    /**
     * What the hub has made in environments for its connections. An administrator of each environment signs in to take it
     * back (`POST /connections/{id}/application-user/undo`), with this very application: so before that is deleted.
     */
    applicationUsers: z.array(applicationUserInPlaceSchema),
  })
  .meta({ id: 'RegistrationUsage' });
/** Who would stop working without a registration. */
export type RegistrationUsage = z.output<typeof registrationUsageSchema>;

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
  'client_certificate',
  'federated_credential',
  'automatic_rotation',
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

const registrationFindingSchema = z.object({
  code: z.enum([
    'application_gone',
    'service_principal_gone',
    'service_principal_disabled',
    'secret_gone',
    'certificate_gone',
    'permission_missing',
    'consent_missing',
    'redirect_uri_missing',
  ]),
  /** One sentence: what is not as it has to be. */
  detail: z.string(),
  whoActs: whoActsSchema,
  remedy: z.string(),
});
/** Something that the registration needs in Entra ID and that is not there any more. */
export type RegistrationFinding = z.output<typeof registrationFindingSchema>;
/** The shape of findings, for where they are stored. */
export const registrationFindingsSchema = z.array(registrationFindingSchema);

const registrationCheckSchema = z.object({
  checkedAt: timeSchema.nullable(),
  nextCheckAt: timeSchema.nullable(),
  /** Whether Microsoft Graph was asked; without a permission of the application's own only the secret is tried. */
  readFromGraph: z.boolean(),
  findings: registrationFindingsSchema,
  /** Why it could not be looked at. */
  failure: failureSchema.nullable(),
});

/** The shape of what is no longer used, for where it is stored. */
export const unusedCredentialSchema = z.object({
  kind: registrationCredentialSchema,
  /** Null for one whose id was lost: it is known by the name that the hub gives. */
  keyId: z.string().nullable(),
});
/** A credential in Entra ID that nothing uses any more. */
export type UnusedCredential = z.output<typeof unusedCredentialSchema>;

const rotationSchema = z.object({
  policy: z.enum(['automatic', 'by_hand']),
  daysBeforeEnd: z.number(),
  graceHours: z.number(),
  /** Whether the application may change its own secrets; null before anybody looked. */
  mayRotate: z.boolean().nullable(),
  /** `idle`, or what the rotation under way does: `retiring` is the time in which old and new secret both work. */
  state: z.enum(['idle', 'adding', 'proving', 'retiring', 'undoing']),
  /** When it begins by itself; null when it does not. */
  dueAt: timeSchema.nullable(),
  lastRotatedAt: timeSchema.nullable(),
  /** While both work: when the old secret is removed. */
  oldSecretUntil: timeSchema.nullable(),
  nextTryAt: timeSchema.nullable(),
  /** Why the last rotation came to nothing. */
  failure: failureSchema.nullable(),
  /**
   * What the hub has put into Entra ID, or replaced there, and no longer uses. It is removed when its grace time is over, by
   * the application where that may, else with an administrator's sign-in (`POST /registrations/{id}/clean-up`).
   */
  unusedInEntra: z.array(unusedCredentialSchema),
});

/** How long a secret or certificate lives. */
const lifeSchema = z.object({
  endsAt: timeSchema.nullable(),
  /** Whole days until then; null when the end is not known. */
  daysLeft: z.number().nullable(),
  /** How near the end is: within 30, 14, 7 days or 1, or passed. */
  warning: z.enum(['none', 'within_30_days', 'within_14_days', 'within_7_days', 'within_1_day', 'ended']),
});

export const registrationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** What the application was last seen to be called in Entra ID; null where nobody has looked. */
    nameInEntra: z.string().nullable(),
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
    credential: clientCredentialKindSchema,
    /** The public facts of its certificate; the API hands it out as PEM, too. */
    certificate: z
      .object({ keyId: z.string().nullable(), thumbprint: z.string(), ...lifeSchema.shape })
      .nullable(),
    federatedIdentity: federatedIdentitySchema.nullable(),
    clientSecret: z
      .object({ keyId: z.string().nullable(), hint: z.string().nullable(), ...lifeSchema.shape })
      .nullable(),
    /** Why Microsoft refuses what the registration proves itself by: one alarm for all its connections. */
    alarm: failureSchema.nullable(),
    alarmSince: timeSchema.nullable(),
    rotation: rotationSchema,
    check: registrationCheckSchema,
    /** Where an administrator consents for the whole tenant; null before there is an application. */
    adminConsentUrl: z.string().nullable(),
    steps: z.array(registrationStepSchema),
    /** What an administrator signs in for while the registration is ready and its connections go on. */
    task: z
      .object({
        kind: z.enum(['rotate', 'automatic_rotation', 'repair', 'rename', 'clean_up']),
        state: z.enum(['awaiting_sign_in', 'running', 'failed']),
        failure: failureSchema.nullable(),
      })
      .nullable(),
    /** How the administrator signs in, while the state, or that of the task, is `awaiting_sign_in`. */
    signIn: administratorSignInOfferSchema.nullable(),
    failure: failureSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Registration' });
export type Registration = z.output<typeof registrationSchema>;
export type RegistrationState = Registration['state'];
