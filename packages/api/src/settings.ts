import { z } from 'zod';

const cloudNameSchema = z.enum(['global', 'usgov', 'usgov-dod', 'china', 'local']);

export const settingsSchema = z
  .object({
    version: z.string(),
    /** The hub's one public address, without a trailing slash. */
    publicUrl: z.string(),
    workloadIdentity: z
      .enum(['file', 'github', 'azure'])
      .nullable()
      .describe('How the platform gives the hub a token of its own; null where it has no identity there'),
    redirectUri: z.string().describe('The redirect URI to register with Microsoft'),
    clockSkewSeconds: z
      .number()
      .nullable()
      .describe(
        'How far Entra ID’s clock is ahead of this process’s, by its answers of the last hour; null before the first',
      ),
    cloud: z.object({
      name: cloudNameSchema,
      title: z.string(),
      /** Origin of Entra ID. */
      authority: z.string(),
      /** Origin of Microsoft Graph. */
      graph: z.string(),
      /** Origins of environments that are accepted besides the cloud's own hosts (the local CRM). */
      localEnvironments: z.array(z.string()),
    }),
  })
  .meta({ id: 'Settings' });
export type Settings = z.output<typeof settingsSchema>;

export const parseEnvironmentAddressSchema = z.object({ address: z.string() });

const pastedSettingsSchema = z
  .object({
    /** How the hub would connect; null where the string says nothing of it, or a way that the hub has not. */
    method: z.enum(['sign_in', 'client_credentials']).nullable(),
    clientId: z.string().nullable(),
    /** GUID or domain. */
    tenantId: z.string().nullable(),
    /** Whether it carries one; it never comes back, and it is not kept. */
    hasClientSecret: z.boolean(),
    /** What of it the hub does not use, and why; whole sentences. */
    remarks: z.array(z.string()),
  })
  .meta({ id: 'PastedSettings' });

export const environmentAddressSchema = z
  .object({
    origin: z.string(),
    organization: z.string(),
    region: z.string(),
    cloud: cloudNameSchema,
    /** What a connection string says besides the address; null when the text was none. */
    connectionString: pastedSettingsSchema.nullable(),
  })
  .meta({ id: 'EnvironmentAddress' });
/** What a pasted environment address was understood as. */
export type EnvironmentAddress = z.output<typeof environmentAddressSchema>;
