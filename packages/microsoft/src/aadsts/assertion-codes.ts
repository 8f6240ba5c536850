import type { AadstsCodes } from './aadsts-entry.ts';

/** Failed client authentication is 401 by RFC 6749 §5.2; it does not occur at the authorize endpoint. */
const clientRefused = {
  error: 'invalid_client',
  httpStatus: 401,
  delivery: 'token',
  nature: 'terminal',
} as const;

/** An assertion that never came as far as being judged. */
const assertionNotRead = {
  error: 'invalid_request',
  httpStatus: 400,
  delivery: 'token',
  nature: 'terminal',
} as const;

const matchTheFederatedCredential =
  "Compare issuer, subject and audience of the app's federated credential with the assertion, letter by letter; a slash at the end counts.";

/**
 * Codes about assertions that stand for a client secret, its own and those of other issuers. Microsoft's published list
 * lacks them; they come from its pages on troubleshooting and from answers pasted into public issues.
 */
export const assertionCodes = {
  assertionOfAnotherClient: {
    ...clientRefused,
    code: 700021,
    message: "Client assertion application identifier doesn't match 'client_id' parameter.",
    cause: 'The assertion was made by or about another app than the one that presents it.',
    whoActs: 'developer',
    remedy: 'Put the client id into both iss and sub of the assertion.',
  },
  assertionOutsideValidTime: {
    ...clientRefused,
    code: 700024,
    message:
      'Client assertion is not within its valid time range. Current time: {now}, assertion valid from {from}, expiry time of assertion {to}.',
    cause: 'The assertion has ended or is not valid yet; often it was kept too long, or a clock is wrong.',
    whoActs: 'developer',
    remedy:
      'Make (or fetch) a new assertion for each request and set the clock of the machine that makes it.',
  },
  invalidJwt: {
    ...assertionNotRead,
    code: 50027,
    message: 'JWT token is invalid or malformed.',
    cause: 'What was sent as client assertion is no JWT.',
    whoActs: 'developer',
    remedy: 'Send the assertion as it was made: three parts in base64url with points between them.',
  },
  unsupportedAssertionAlgorithm: {
    ...assertionNotRead,
    code: 5002730,
    message: 'Invalid JWT token. Unsupported key for the signing algorithm.',
    cause: "The other issuer's token is not signed by RS256.",
    whoActs: 'developer',
    remedy: 'Let the issuer sign by RS256, the only algorithm that federated credentials take.',
  },
  noFederatedIdentity: {
    ...assertionNotRead,
    code: 70021,
    message: 'No matching federated identity record found for presented assertion.',
    cause: 'No federated credential of the app fits the assertion (an older form of 700211 to 700213).',
    whoActs: 'administrator',
    remedy: matchTheFederatedCredential,
  },
  noFederatedIdentityForIssuer: { ...noMatchingRecord('issuer'), code: 700211 },
  noFederatedIdentityForAudience: { ...noMatchingRecord('audience'), code: 700212 },
  noFederatedIdentityForSubject: { ...noMatchingRecord('subject'), code: 700213 },
  federatedSubjectDiffersInCase: {
    ...clientRefused,
    code: 7002138,
    message:
      "No matching federated identity record found for presented assertion subject '{subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison.",
    cause: "The federated credential's subject differs from the assertion's in upper and lower case alone.",
    whoActs: 'administrator',
    remedy: 'Write the subject of the federated credential in the very letters that the issuer sends.',
  },
  issuerLacksSigningKey: {
    ...clientRefused,
    code: 7000272,
    message:
      "The certificate with identifier {kid} used to sign the federated credential could not be found in the metadata of identity provider {issuer}. Validate that your Identity Provider's metadata exposes the key used to sign the incoming token.",
    cause: 'The issuer does not publish the key that signed the assertion; it may have changed its keys.',
    whoActs: 'developer',
    remedy: "Look whether the issuer's jwks_uri lists the key that the assertion's kid names.",
  },
  issuerMetadataUnavailable: {
    ...assertionNotRead,
    code: 501661,
    message: "Request to External OIDC endpoint failed. The issuer '{issuer}' {reason}.",
    cause: "The issuer's openid-configuration or its keys could not be read.",
    whoActs: 'developer',
    remedy: "Make the issuer's /.well-known/openid-configuration and jwks_uri reachable.",
  },
} as const satisfies AadstsCodes;

function noMatchingRecord(claim: 'issuer' | 'audience' | 'subject') {
  return {
    ...clientRefused,
    message: `No matching federated identity record found for presented assertion ${claim} '{${claim}}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
    cause: `No federated credential of the app names the assertion's ${claim}.`,
    whoActs: 'administrator',
    remedy: matchTheFederatedCredential,
  } as const;
}
