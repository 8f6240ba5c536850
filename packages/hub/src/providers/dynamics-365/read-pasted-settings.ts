import { clientIdSchema, clientSecretSchema, tenantIdSchema } from '@latchkey/api';
import { type ConnectionString, parseConnectionString, wellKnownIds } from '@latchkey/microsoft';
import type { PastedSettings } from '../provider.ts';

/**
 * Reads what a connection string of the Dataverse clients says besides the address.
 *
 * @returns null for a text that is none
 */
export function readPastedSettings(input: string): PastedSettings | null {
  const read = parseConnectionString(input);
  if (!read) return null;
  const clientId = clientIdSchema.safeParse(read.clientId).data ?? null;
  const tenantId = tenantIdSchema.safeParse(read.tenant).data ?? null;
  const isOfSamples = clientId === wellKnownIds.dynamicsDevelopmentTools;
  const remarks: [applies: boolean, remark: string][] = [
    [
      isByCertificate(read),
      'It proves the app by a certificate; here an app has a client secret, or a person signs in.',
    ],
    [isByPassword(read), 'Its user name and password are not used: people sign in on Microsoft’s page.'],
    [
      isOfSamples,
      'Its client id is the one of Microsoft’s samples, which can’t return to this hub: choose another app.',
    ],
    [read.clientId !== null && clientId === null, 'Its client id is no GUID.'],
    [read.tenant !== null && tenantId === null, 'Its tenant is neither a GUID nor a domain.'],
  ];
  return {
    method: methodOf(read),
    clientId: isOfSamples ? null : clientId,
    clientSecret: clientSecretSchema.safeParse(read.clientSecret).data ?? null,
    tenantId,
    remarks: remarks.flatMap(([applies, remark]) => (applies ? [remark] : [])),
  };
}

function isByCertificate({ authType, hasCertificate }: ConnectionString): boolean {
  return authType === 'certificate' || hasCertificate;
}

/** `Office365`, `AD` and `IFD` are ways of former times, each by a name and a password. */
function isByPassword({ authType, hasUser }: ConnectionString): boolean {
  return hasUser || ['office365', 'ad', 'ifd'].includes(authType ?? '');
}

/** A string that names no way is of an app when it carries the app's secret. */
function methodOf({ authType, clientSecret }: ConnectionString): PastedSettings['method'] {
  if (authType === 'clientsecret' || (authType === null && clientSecret !== null))
    return 'client_credentials';
  return authType === 'oauth' ? 'sign_in' : null;
}
