import { z } from 'zod';
import { readDate } from '../../ground/outside-values.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { graphText, graphTextIfAny } from '../graph-text.ts';

const endDateTime = z.unknown().transform(readDate);
const redirectUris = z.object({ redirectUris: z.array(z.string()).default([]) }).optional();

const thumbprintBytes = 20;
/** A certificate's SHA-1 as capital hexadecimal digits; Graph tells it so, or in Base64. Null for anything else. */
const thumbprint = z
  .unknown()
  .optional()
  .transform((text): string | null => {
    if (typeof text !== 'string') return null;
    if (/^[\da-f]{40}$/i.test(text)) return text.toUpperCase();
    const bytes = Buffer.from(text, 'base64');
    return bytes.length === thumbprintBytes ? bytes.toString('hex').toUpperCase() : null;
  });

const application = z.object({
  id: graphText,
  displayName: graphTextIfAny,
  passwordCredentials: z
    .array(z.object({ keyId: graphText, displayName: graphTextIfAny, hint: graphTextIfAny, endDateTime }))
    .default([]),
  keyCredentials: z
    .array(
      z.object({
        keyId: graphText,
        displayName: graphTextIfAny,
        customKeyIdentifier: thumbprint,
        endDateTime,
      }),
    )
    .default([]),
  requiredResourceAccess: z
    .array(
      z.object({
        resourceAppId: z.string(),
        resourceAccess: z.array(z.object({ id: z.string(), type: z.string() })).default([]),
      }),
    )
    .default([]),
  web: redirectUris,
  spa: redirectUris,
  publicClient: redirectUris,
});

/** An application as Microsoft Graph tells it, as far as it is held against what is needed. Ends are epoch milliseconds. */
export type ApplicationFacts = z.output<typeof application>;

/** One of its client secrets; never the secret itself. */
export type SecretFacts = ApplicationFacts['passwordCredentials'][number];

const fields =
  '$select=id,displayName,passwordCredentials,keyCredentials,requiredResourceAccess,web,spa,publicClient';

/** @returns the registration's application; undefined when the tenant has none */
export async function readApplication(
  graph: GraphClient,
  { client_id: clientId }: Pick<RegistrationRow, 'client_id'>,
): Promise<ApplicationFacts | undefined> {
  const [found] = await graph.list(
    `/applications?${filterBy('appId', clientId ?? '')}&${fields}`,
    application,
  );
  return found;
}

const servicePrincipal = z.object({ id: graphText, accountEnabled: z.boolean().nullish() });
/** The application's instance in the tenant. */
export type ServicePrincipalFacts = z.output<typeof servicePrincipal>;

/** @returns the application's service principal in the tenant; undefined when there is none */
export async function readServicePrincipal(
  graph: GraphClient,
  { client_id: clientId }: Pick<RegistrationRow, 'client_id'>,
): Promise<ServicePrincipalFacts | undefined> {
  const [found] = await graph.list(
    `/servicePrincipals?${filterBy('appId', clientId ?? '')}&$select=id,accountEnabled`,
    servicePrincipal,
  );
  return found;
}
