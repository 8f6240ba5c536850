import { clientIdSchema, clientSecretSchema, tenantIdSchema } from '@latchkey/api';
import { type ConnectionString, parseConnectionString, wellKnownIds } from '@latchkey/microsoft';
import { HubError } from '../../errors/hub-error.ts';
import type { PastedSettings } from '../provider.ts';

/**
 * Reads what a connection string of the Dataverse clients says besides the address.
 *
 * @returns null for a text that is none
 * @throws HubError `environment_address_invalid` when its client secret is longer than any
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
      'It proves the app by a certificate, which it only names: give the certificate with its private key, or a client secret.',
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
    clientSecret: read.clientSecret === null ? null : readSecret(read.clientSecret),
    tenantId,
    remarks: remarks.flatMap(([applies, remark]) => (applies ? [remark] : [])),
  };
}

/** Left out, it would be missed only at the first sign-in. */
function readSecret(text: string): string {
  const secret = clientSecretSchema.safeParse(text);
  if (secret.success) return secret.data;
  const detail = 'The client secret in this connection string is too long to be one.';
  const fields = [{ path: 'environmentUrl', message: detail }];
  const remedy = 'Copy the secret’s value once more, or paste the address alone.';
  throw new HubError('environment_address_invalid', { detail, remedy, fields });
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
