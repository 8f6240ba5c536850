import { z } from 'zod';

const domain = '(?:[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?\\.)+[a-z]{2,63}';
const longestSecret = 512;
/** A certificate with its chain and a private key of 4096 bits, many times over. */
const longestCertificate = 65_536;

/** A text of a form. Values are pasted, so blanks around them mean nothing. */
export function pastedText(longest: number) {
  return z.string().trim().min(1).max(longest);
}

export const clientSecretSchema = pastedText(longestSecret);

/** A certificate and its private key, both in PEM, in either order. */
export const clientCertificateSchema = pastedText(longestCertificate);

export const clientIdSchema = z
  .string()
  .trim()
  .regex(
    z.regexes.guid,
    'The application (client) id is a GUID; copy it from the overview of the app registration.',
  );

export const tenantIdSchema = z
  .string()
  .trim()
  .regex(
    new RegExp(`${z.regexes.guid.source}|^${domain}$`, 'i'),
    'Give the directory (tenant) id, a GUID, or a domain of the tenant such as contoso.onmicrosoft.com.',
  );
