import { createHash, X509Certificate } from 'node:crypto';
import type { Refusal } from '../graph/call-graph.ts';

/** The public certificate in an uploaded file. */
export interface UploadedCertificate {
  /** DER. */
  bytes: Buffer;
  /** Its subject in one line, as far as a description may be long. */
  subject: string;
}

const maximumDescriptionLength = 120;

/** Reads a .cer, .pem or .crt file: one certificate as DER, or the first one as PEM. */
export function readCertificateFile(bytes: Buffer): UploadedCertificate | Refusal {
  const text = bytes.toString('latin1');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    return {
      message:
        'The file has a private key in it, which nobody else should ever get. Upload the certificate alone, and use another key.',
    };
  }
  const certificate = parse(bytes);
  if (!certificate) {
    return { message: 'The file is no certificate. Upload one of the types .cer, .pem or .crt.' };
  }
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') {
    return { message: 'The certificate has no RSA key, and applications sign with RSA keys only.' };
  }
  const subject = certificate.subject.replaceAll('\n', ', ').slice(0, maximumDescriptionLength);
  return { bytes: certificate.raw, subject };
}

/** A certificate's SHA-1, in capital hexadecimal digits, as tools and pages show it. */
export function thumbprintOf(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex').toUpperCase();
}

function parse(bytes: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes);
  } catch (error) {
    // OpenSSL names many reasons; all mean that this is no certificate.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
