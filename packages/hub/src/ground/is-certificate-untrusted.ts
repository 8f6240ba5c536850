/** The chain of certificates ends at an authority that is not known here (OpenSSL, X509_verify_cert_error_string). */
const untrustedCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
]);

/** @returns whether a TLS connection came to nothing for want of a trusted authority. @param code of Node's error */
export function isCertificateUntrusted(code: string): boolean {
  return untrustedCodes.has(code);
}
