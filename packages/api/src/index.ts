export {
  type ApiKey,
  apiKeySchema,
  type CreatedApiKey,
  createApiKeySchema,
  createdApiKeySchema,
  enterSchema,
  type Session,
  sessionSchema,
} from './access.ts';
export {
  type AccessToken,
  type AccessTokenRequest,
  accessTokenRequestSchema,
  accessTokenSchema,
  type Connection,
  type ConnectionState,
  type ConnectionStatus,
  type ConnectionTest,
  type CreateConnection,
  connectionSchema,
  connectionTestSchema,
  createConnectionSchema,
  type SignInLink,
  type SignInMethod,
  signInLinkSchema,
  type TestStep,
  type TestStepName,
  type TokenFacts,
  tokenFactsSchema,
  type UpdateConnection,
  updateConnectionSchema,
} from './connections.ts';
export {
  type EventKind,
  type EventPageRequest,
  eventKinds,
  eventPageRequestSchema,
  eventSchema,
  type HubEvent,
} from './events.ts';
export {
  type Failure,
  failureSchema,
  type Problem,
  problemSchema,
  type RemoteError,
  type WhoActs,
} from './failures.ts';
export { type CheckOutcome, healthSchema, readinessSchema } from './health.ts';
export { type Page, type PageRequest, pageRequestSchema, pageSchema } from './pages.ts';
export { clientIdSchema, clientSecretSchema, tenantIdSchema } from './pasted-text.ts';
export { redirectUriObjection } from './redirect-uri-rule.ts';
export {
  type AdministratorSignIn,
  type Adoption,
  type CreateRegistration,
  type Creation,
  createRegistrationSchema,
  type Registration,
  type RegistrationFinding,
  type RegistrationState,
  type RegistrationStep,
  type RegistrationStepName,
  registrationFindingsSchema,
  registrationSchema,
  registrationStepNames,
  type SignInAudience,
  signInRequestSchema,
  type UpdateRegistration,
  updateRegistrationSchema,
  usualRotationDays,
  usualRotationGraceHours,
} from './registrations.ts';
export {
  type EnvironmentAddress,
  environmentAddressSchema,
  parseEnvironmentAddressSchema,
  type Settings,
  settingsSchema,
} from './settings.ts';
