import { guidPattern } from '@latchkey/microsoft';
import { z } from 'zod';
import { signInNamePattern } from '../directory/sign-in-name.ts';
import { accessTokenLife } from '../directory/tenant-policy.ts';
import { accessBlocks } from '../directory/user-conditions.ts';

/** 64 characters, the @, and the domain. */
const longestSignInName = 320;

const guid = z
  .string()
  .regex(new RegExp(`^${guidPattern}$`), 'Expected a GUID in lower case.')
  .describe('Made from the names when left out, the same on every machine.');
const signInName = z
  .string()
  .max(longestSignInName)
  .regex(signInNamePattern, 'Expected a sign-in name: name@domain, the domain in ASCII (Punycode).');
const moment = z.iso.datetime().describe('In UTC: 2026-01-31T00:00:00Z');

const policySchema = z
  .strictObject({
    userConsent: z.enum(['allowed', 'off']),
    adminConsentRequests: z.enum(['off', 'on']),
    deviceCode: z.enum(['allowed', 'blocked']),
    signInFrequencyHours: z.number().positive().nullable(),
    clientSecrets: z.enum(['allowed', 'forbidden']),
    longestSecretDays: z.number().positive().nullable(),
    accessTokenMinutes: z.int().min(accessTokenLife.leastMinutes).max(accessTokenLife.mostMinutes).nullable(),
    staySignedIn: z.enum(['asked', 'not_asked']),
    refreshTokenReuse: z.enum(['allowed', 'ends_grant']),
  })
  .partial()
  .describe('What the administrators of the tenant decided; the rest is as usual.');

const conditionsSchema = z
  .strictObject({
    isLocked: z.boolean(),
    password: z.enum(['good', 'expired', 'must_change']),
    secondFactor: z.enum(['not_required', 'required', 'unregistered']),
    oneTimeCode: z.string(),
    blockedBy: z.enum(accessBlocks).nullable(),
  })
  .partial()
  .describe('What stands between the person and a token.');

const userSchema = z.strictObject({
  id: guid.optional(),
  userPrincipalName: signInName.describe('The sign-in name, in any case; its domain is one of the tenant’s.'),
  password: z.string().min(1).optional().describe('Pass@word1 when left out. In clear: for tests only.'),
  passwordHash: z.string().optional().describe('As an export writes it, in place of the password.'),
  displayName: z.string().optional(),
  givenName: z.string().nullable().optional(),
  surname: z.string().nullable().optional(),
  mail: z.string().nullable().optional(),
  jobTitle: z.string().nullable().optional(),
  properties: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Whatever else Graph keeps of a person, by its names: department, city, employeeId …'),
  enabled: z.boolean().optional(),
  directoryRoles: z
    .array(
      z.enum([
        'Global Administrator',
        'Privileged Role Administrator',
        'Application Administrator',
        'Cloud Application Administrator',
        'User Administrator',
      ]),
    )
    .optional(),
  licences: z
    .array(z.enum(['dynamics-365-sales']))
    .optional()
    .describe('Without one, Dynamics 365 refuses the person.'),
  conditions: conditionsSchema.optional(),
});

const personalAccountSchema = userSchema
  .pick({
    id: true,
    userPrincipalName: true,
    password: true,
    passwordHash: true,
    displayName: true,
    givenName: true,
    surname: true,
    mail: true,
    enabled: true,
    conditions: true,
  })
  .extend({ userPrincipalName: signInName.describe('An address that is in no tenant’s domain.') });

const secretSchema = z
  .strictObject({
    name: z.string().nullable().optional(),
    value: z.string().min(1).optional().describe('In clear: for tests only.'),
    hash: z.string().optional().describe('As an export writes it, in place of the value.'),
    keyId: guid.optional(),
    hint: z.string().optional(),
    startsAt: moment.optional().describe('Now when left out.'),
    endsAt: moment
      .optional()
      .describe('In two years when left out; a moment that is past makes an ended secret.'),
  })
  .refine(({ value, hash }) => (value === undefined) !== (hash === undefined), 'Give a value.');

const apiName = z
  .string()
  .describe('The API’s display name or application id: Dynamics CRM, Microsoft Graph.');

/** What an application was given in a tenant. */
const consentShape = {
  grants: z
    .array(
      z.strictObject({
        api: apiName,
        scopes: z.array(z.string()).min(1),
        user: z.string().optional().describe('A sign-in name; for everybody in the tenant when left out.'),
      }),
    )
    .optional()
    .describe('Consent to delegated permissions.'),
  roles: z
    .array(z.strictObject({ api: apiName, values: z.array(z.string()).min(1) }))
    .optional()
    .describe('Application permissions that were granted.'),
};

const applicationSchema = z.strictObject({
  id: guid.optional(),
  appId: guid.optional().describe('The client id.'),
  displayName: z.string().min(1),
  uniqueName: z.string().min(1).optional().describe("An alternate key: /applications(uniqueName='…')."),
  redirectUris: z
    .strictObject({
      web: z.array(z.string()).optional(),
      spa: z.array(z.string()).optional(),
      publicClient: z.array(z.string()).optional(),
    })
    .optional(),
  publicClientFlows: z.boolean().optional().describe('“Allow public client flows”: device codes need it.'),
  permissions: z
    .array(
      z.strictObject({
        api: apiName,
        delegated: z.array(z.string()).optional(),
        application: z.array(z.string()).optional(),
      }),
    )
    .optional()
    .describe('What the app asks for; it grants nothing.'),
  manifest: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Any other property, as in the body of Microsoft Graph’s POST /applications.'),
  secrets: z.array(secretSchema).optional(),
  federatedCredentials: z
    .array(
      z.strictObject({
        id: guid.optional(),
        name: z.string(),
        issuer: z.string(),
        subject: z.string(),
        description: z.string().nullable().optional(),
        audiences: z
          .array(z.string())
          .length(1)
          .optional()
          .describe('api://AzureADTokenExchange when left out.'),
      }),
    )
    .optional()
    .describe('Issuers whose tokens stand for a secret of the app.'),
  owners: z.array(z.string()).optional().describe('Sign-in names.'),
  ...consentShape,
  servicePrincipal: z
    .enum(['enabled', 'disabled', 'none'])
    .optional()
    .describe('The app’s instance in its own tenant; enabled when left out.'),
});

const groupSchema = z.strictObject({
  id: guid.optional(),
  displayName: z.string().min(1),
  kind: z.enum(['security', 'microsoft365']).optional().describe('security when left out.'),
  securityEnabled: z
    .boolean()
    .optional()
    .describe('Whether it gives access; what its kind does when left out.'),
  members: z
    .array(z.string())
    .optional()
    .describe('People by their sign-in names, groups by their names or ids.'),
  owners: z.array(z.string()).optional().describe('Sign-in names.'),
  properties: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Whatever else Graph keeps of a group, by its names: description, mailNickname …'),
});

const foreignApplicationSchema = z.strictObject({
  app: z.string().describe('Its client id, or the display name that it has in its own tenant.'),
  ...consentShape,
  enabled: z.boolean().optional().describe('Whether it may be used here; it may when left out.'),
});

const permissionValue = z
  .string()
  .regex(/^[^\s/]+$/, 'Expected a name without blanks and slashes.')
  .describe('The permission’s name in tokens.');

const serviceSchema = z.strictObject({
  displayName: z
    .string()
    .min(1)
    .describe('Its name, or that of a service of Microsoft’s that is to have more permissions.'),
  appId: guid.optional(),
  addresses: z
    .array(z.url())
    .optional()
    .describe('What tokens for it are asked by; with and without a slash at the end.'),
  delegated: z
    .array(
      z.union([
        permissionValue,
        z.strictObject({
          value: permissionValue,
          id: guid.optional(),
          consent: z.enum(['user', 'admin']).optional().describe('Who may consent; people when left out.'),
        }),
      ]),
    )
    .optional(),
  application: z
    .array(z.union([permissionValue, z.strictObject({ value: permissionValue, id: guid.optional() })]))
    .optional(),
});

const federatedIssuerSchema = z.strictObject({
  issuer: z.url().describe('As the iss of its tokens says it, letter by letter.'),
  jwks: z
    .strictObject({ keys: z.array(z.record(z.string(), z.unknown())) })
    .describe('Its JSON Web Key Set: RSA keys with their kid.'),
});

const environmentSchema = z.strictObject({
  id: guid.optional(),
  organizationId: guid.optional(),
  urlName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .describe('contoso, of contoso.crm4.dynamics.com'),
  regionHost: z
    .string()
    .regex(/^[a-z0-9]+(?:\.[a-z0-9]+)+$/)
    .optional()
    .describe('crm4.dynamics.com when left out.'),
  uniqueName: z.string().optional(),
  friendlyName: z.string().optional(),
});

const tenantSchema = z.strictObject({
  id: guid.optional(),
  displayName: z.string().min(1),
  domains: z
    .array(z.string().min(1))
    .min(1)
    .describe('Verified domains, the initial *.onmicrosoft.com first.'),
  policy: policySchema.optional(),
  users: z.array(userSchema).optional(),
  groups: z.array(groupSchema).optional(),
  applications: z.array(applicationSchema).optional(),
  foreignApplications: z
    .array(foreignApplicationSchema)
    .optional()
    .describe(
      'Multitenant apps of other tenants that were let in here, with a service principal of their own.',
    ),
  environments: z.array(environmentSchema).optional(),
});

/** What a local cloud begins with. The published JSON schema is made from this. */
export const seedSchema = z
  .strictObject({
    $schema: z.string().optional(),
    contoso: z
      .boolean()
      .optional()
      .describe(
        'Whether the tenant Contoso is there, too, with its people and its environment; it is by default.',
      ),
    tenants: z.array(tenantSchema).optional(),
    services: z
      .array(serviceSchema)
      .optional()
      .describe('Services that every tenant knows besides Microsoft’s, and more permissions of these.'),
    personalAccounts: z
      .array(personalAccountSchema)
      .optional()
      .describe('Personal Microsoft accounts, beside grady@outlook.example, who comes with Contoso.'),
    federatedIssuers: z
      .array(federatedIssuerSchema)
      .optional()
      .describe(
        'Keys of issuers of federated assertions that are not on this machine; those on it are asked themselves.',
      ),
  })
  .describe('What the local Microsoft cloud begins with');

export type Seed = z.infer<typeof seedSchema>;
export type SeedTenant = z.infer<typeof tenantSchema>;
export type SeedGroup = z.infer<typeof groupSchema>;
export type SeedPersonalAccount = z.infer<typeof personalAccountSchema>;
export type SeedService = z.infer<typeof serviceSchema>;
export type SeedUser = z.infer<typeof userSchema>;
export type SeedApplication = z.infer<typeof applicationSchema>;
export type SeedForeignApplication = z.infer<typeof foreignApplicationSchema>;
export type SeedSecret = z.infer<typeof secretSchema>;
export type SeedEnvironment = z.infer<typeof environmentSchema>;
