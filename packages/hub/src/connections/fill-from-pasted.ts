import type { CreateConnection } from '@latchkey/api';
import type { PastedSettings } from '../providers/provider.ts';

/**
 * Lets a connection string that was given as the address say what the fields leave out. A field wins over it, and its
 * secret is the secret of its own app alone, unless that has been given a certificate.
 */
export function fillFromPasted(input: CreateConnection, pasted: PastedSettings | null): CreateConnection {
  if (!pasted) return input;
  const tenantId = input.tenantId ?? pasted.tenantId ?? undefined;
  const filled: CreateConnection = { ...input, ...(tenantId !== undefined && { tenantId }) };
  if (filled.method !== 'manual' && filled.registrationId !== undefined) return filled;
  const clientId = filled.clientId ?? pasted.clientId ?? undefined;
  const isOwn = clientId === pasted.clientId && filled.clientCertificate === undefined;
  const clientSecret = filled.clientSecret ?? (isOwn ? (pasted.clientSecret ?? undefined) : undefined);
  return {
    ...filled,
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}
