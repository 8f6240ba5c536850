import { createHash, X509Certificate } from 'node:crypto';
import type { KeyCredential } from '../../directory/application-document.ts';
import { stableGuid } from '../../directory/stable-guid.ts';
import { invalidValue } from '../errors/graph-error.ts';
import { presentMoment } from '../operation/present-moment.ts';
import {
  readDateTime,
  readGuid,
  readList,
  readOneOf,
  readRecord,
  readText,
  readTextOrNull,
} from '../operation/read-body.ts';

const properties = [
  'keyId',
  'displayName',
  'customKeyIdentifier',
  'type',
  'usage',
  'startDateTime',
  'endDateTime',
  'key',
];
const maximumNameLength = 120;
const maximumIdentifierLength = 255;
const maximumKeyLength = 16_384;

/**
 * Reads the certificates of an application. The list replaces the one before; an entry that names the `keyId` of one
 * that is there and gives no `key` keeps it, since reads don't show keys.
 *
 * @throws GraphError 400 for what is no X.509 certificate with an RSA key, or lives longer than its certificate
 */
export function readKeyCredentials(value: unknown, present: readonly KeyCredential[]): KeyCredential[] {
  const property = 'keyCredentials';
  const credentials = readList(value, property, (item) => readKeyCredential(item, property, present));
  const ids = new Set(credentials.map((credential) => credential.keyId));
  if (ids.size < credentials.length) {
    throw invalidValue(`${property}.keyId`, 'It contains a duplicate value. Please provide unique values.');
  }
  return credentials;
}

/**
 * Reads one certificate.
 *
 * @param property its name in the body
 * @param present those whose key may be left out
 * @throws GraphError 400 as above
 */
export function readKeyCredential(
  item: unknown,
  property: string,
  present: readonly KeyCredential[],
): KeyCredential {
  const given = readRecord(item, property, properties);
  const keyId = given.keyId == null ? undefined : readGuid(given.keyId, `${property}.keyId`);
  if (given.key == null) {
    const kept = present.find((credential) => credential.keyId === keyId);
    if (!kept) throw invalidValue(`${property}.key`, 'A certificate is needed for a new key credential.');
    return kept;
  }
  const certificate = readCertificate(given.key, `${property}.key`);
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  const startAt =
    given.startDateTime == null ? from : readDateTime(given.startDateTime, `${property}.startDateTime`);
  const endAt = given.endDateTime == null ? to : readDateTime(given.endDateTime, `${property}.endDateTime`);
  if (startAt < from)
    throw invalidValue(`${property}.startDateTime`, 'Key credential start date is invalid.');
  if (endAt > to || endAt <= startAt) {
    throw invalidValue(`${property}.endDateTime`, 'Key credential end date is invalid.');
  }
  const thumbprint = createHash('sha1').update(certificate.raw).digest('hex').toUpperCase();
  return {
    keyId: keyId ?? stableGuid(`key:${thumbprint}`),
    displayName: readTextOrNull(
      given.displayName ?? certificate.subject,
      `${property}.displayName`,
      maximumNameLength,
    ),
    customKeyIdentifier:
      readTextOrNull(
        given.customKeyIdentifier ?? null,
        `${property}.customKeyIdentifier`,
        maximumIdentifierLength,
      ) ?? thumbprint,
    type: readOneOf(given.type ?? 'AsymmetricX509Cert', `${property}.type`, ['AsymmetricX509Cert'] as const),
    usage: readOneOf(given.usage ?? 'Verify', `${property}.usage`, ['Verify'] as const),
    startDateTime: presentMoment(startAt),
    endDateTime: presentMoment(endAt),
    key: certificate.raw.toString('base64'),
  };
}

function readCertificate(value: unknown, property: string): X509Certificate {
  const text = readText(value, property, maximumKeyLength);
  const certificate = parseCertificate(Buffer.from(text, 'base64'));
  if (certificate?.publicKey.asymmetricKeyType !== 'rsa') {
    throw invalidValue(property, 'Expected the base64 of an X.509 certificate with an RSA key.');
  }
  return certificate;
}

function parseCertificate(bytes: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes);
  } catch (error) {
    // OpenSSL names many reasons; all mean that the caller sent no certificate.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
