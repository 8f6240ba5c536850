/** Facts of Microsoft's cloud. No I/O, no dependency. */

export type { AadstsDelivery, AadstsEntry, FailureNature, WhoActs } from './aadsts/aadsts-entry.ts';
export { aadsts, aadstsEntries, aadstsHelpLink, lookUpAadsts } from './aadsts.ts';
export { classifyTokenFailure, type TokenFailure } from './classify-token-failure.ts';
export { type ConnectionString, parseConnectionString, withoutSecrets } from './connection-string.ts';
export type { DataverseErrorEntry } from './dataverse/dataverse-error-entry.ts';
export { dataverseErrorEntries, dataverseErrors, lookUpDataverseError } from './dataverse-errors.ts';
export { type EnvironmentAddress, parseEnvironmentAddress } from './environment-address.ts';
export { EnvironmentAddressError, type EnvironmentAddressErrorCode } from './environment-address-error.ts';
export type { EnvironmentRegion } from './environment-regions.ts';
export { guidPattern, isGuid } from './guid.ts';
export { type NationalCloud, type NationalCloudName, nationalClouds } from './national-clouds.ts';
export type { FailureReason } from './oauth-error-nature.ts';
export { type BearerChallenge, parseBearerChallenge } from './parse-challenge.ts';
export { type DataverseErrorDetails, parseDataverseError } from './parse-dataverse-error.ts';
export {
  type OAuthErrorDetails,
  parseOAuthError,
  parseOAuthErrorParameters,
  type TokenEndpointAnswer,
} from './parse-oauth-error.ts';
export { wellKnownIds } from './well-known-ids.ts';
export {
  type WellKnownAppRole,
  type WellKnownScope,
  wellKnownAppRoles,
  wellKnownScopes,
} from './well-known-scopes.ts';
