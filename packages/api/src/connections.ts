import { z } from 'zod';
import { failureSchema, timeSchema, whoActsSchema } from './failures.ts';
import {
  clientCertificateSchema,
  clientIdSchema,
  clientSecretSchema,
  pastedText,
  tenantIdSchema,
} from './pasted-text.ts';

const longestName = 120;
const longestDescription = 2000;
const longestAddress = 32_768;
const longestToken = 65_536;
const shortestTimeoutSeconds = 1;
const longestTimeoutSeconds = 120;

const nameSchema = pastedText(longestName);
const descriptionSchema = z.string().trim().max(longestDescription);
const timeoutSchema = z.int().min(shortestTimeoutSeconds).max(longestTimeoutSeconds);
const tokenSchema = pastedText(longestToken);
/** The versions of Entra ID's endpoints: v1 (`resource`) or v2 (`scope`, PKCE). */
const endpointVersionSchema = z.enum(['v1', 'v2']);

export const clientCredentialKindSchema = z.enum(['none', 'secret', 'certificate', 'federated']);

/** What anybody may know of a certificate: its SHA-1 thumbprint, as the portal shows it, and its end. */
const certificateFactsSchema = z.object({ thumbprint: z.string(), endsAt: timeSchema.nullable() });

const ofEveryMethod = {
  /** Default "Microsoft Dynamics 365 CRM". */
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  /** Whatever people paste: app URL, Web API URL, with or without scheme. */
  environmentUrl: pastedText(longestAddress),
  /** 1 to 120, default 20. */
  requestTimeoutSeconds: timeoutSchema.optional(),
  /** Tenant GUID or domain. Found from the environment's challenge when left out. */
  tenantId: tenantIdSchema.optional(),
};

/** What a client sends to make a connection, by one of three methods. */
export const createConnectionSchema = z.discriminatedUnion('method', [
  z.strictObject({
    ...ofEveryMethod,
    method: z.literal('sign_in'),
    endpointVersion: endpointVersionSchema.optional(),
    /** Either a registration of the hub, or an app's client id (and secret, or certificate with private key). */
    registrationId: z.string().optional(),
    clientId: clientIdSchema.optional(),
    clientSecret: clientSecretSchema.optional(),
    clientCertificate: clientCertificateSchema.optional(),
  }),
  z.strictObject({
    ...ofEveryMethod,
    method: z.literal('manual'),
    clientId: clientIdSchema,
    clientSecret: clientSecretSchema.optional(),
    clientCertificate: clientCertificateSchema.optional(),
    accessToken: tokenSchema.optional(),
    refreshToken: tokenSchema.optional(),
    /** Derived from the tenant when left out; its form (v1 or v2) tells the endpoint version. */
    tokenUrl: pastedText(longestAddress).optional(),
  }),
  z.strictObject({
    ...ofEveryMethod,
    method: z.literal('client_credentials'),
    registrationId: z.string().optional(),
    clientId: clientIdSchema.optional(),
    clientSecret: clientSecretSchema.optional(),
    clientCertificate: clientCertificateSchema.optional(),
  }),
]);
export type CreateConnection = z.input<typeof createConnectionSchema>;

export const updateConnectionSchema = z.strictObject({
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  requestTimeoutSeconds: timeoutSchema.optional(),
  disabled: z.boolean().optional(),
  /**
   * Replaces the stored secret or certificate; the connection stays. In place of a registration's it is taken only once
   * Microsoft has issued a token for it; null goes back to the registration's.
   */
  clientSecret: clientSecretSchema.nullish(),
  /** The same by a certificate with its private key. */
  clientCertificate: clientCertificateSchema.optional(),
  /** New tokens in place of the stored ones, of a connection by sign-in or by hand; proven before they take their place. */
  accessToken: tokenSchema.optional(),
  refreshToken: tokenSchema.optional(),
});
export type UpdateConnection = z.input<typeof updateConnectionSchema>;

export const connectionSignInRequestSchema = z.strictObject({
  /** `last`, the default: as whoever signed in last, without being asked to choose; `other`: as anybody. */
  account: z.enum(['last', 'other']).optional(),
});
export type ConnectionSignInRequest = z.input<typeof connectionSignInRequestSchema>;

const connectionStatusSchema = z
  .object({
    state: z.enum(['ready', 'limited', 'needs_sign_in', 'failing', 'blocked', 'disabled']),
    /** One sentence: why this state. */
    reason: z.string(),
    whoActs: whoActsSchema,
    remedy: z.string(),
    failure: failureSchema.nullable(),
    /** Since when this state stands; null where that is not known. */
    since: timeSchema.nullable(),
    lastProvenAt: timeSchema.nullable(),
    /** When the hub proves it next, without anybody asking; null where it does not. */
    nextProofAt: timeSchema.nullable(),
    /** Since when the last proof is older than it should be: the keeper has not come to it yet, or is switched off. */
    proofOverdueSince: timeSchema.nullable(),
    lastRefreshedAt: timeSchema.nullable(),
    /** When the access token is next refreshed: ahead of its end, or to keep a grant alive that nobody uses. */
    nextRefreshAt: timeSchema.nullable(),
    /** For `failing`: when the hub tries again. Where the environment refuses fresh tokens: when it asks for another one. */
    nextTryAt: timeSchema.nullable(),
    /** When the access token ends that works and that nothing will renew: for `limited`, and where Microsoft refuses another. */
    endsAt: timeSchema.nullable(),
  })
  .meta({ id: 'ConnectionStatus' });
export type ConnectionStatus = z.output<typeof connectionStatusSchema>;
/** A connection's state is computed from what was last proven, never from what was saved. */
export type ConnectionState = ConnectionStatus['state'];

const refreshTokenEndFields = {
  /** When the refresh token ends, unless it is used before; null without one. */
  refreshTokenEndsAt: timeSchema.nullable(),
  /**
   * How that is known. `told`: the token endpoint said so. `assumed_90_days`: Microsoft ends one that nobody uses after 90
   * days. `assumed_24_hours`: it was typed in, so that it may be a single page app's, which lives for a day.
   */
  refreshTokenEndBasis: z.enum(['told', 'assumed_90_days', 'assumed_24_hours']).nullable(),
};

export const connectionSchema = z
  .object({
    id: z.string(),
    /** Whose product it connects to: `dynamics-365`. */
    provider: z.string(),
    /** "Microsoft Dynamics 365 CRM" unless renamed. */
    name: z.string(),
    description: z.string(),
    method: z.enum(['sign_in', 'manual', 'client_credentials']),
    environmentUrl: z.string(),
    /** Tenant GUID once known. */
    tenantId: z.string().nullable(),
    clientId: z.string(),
    registrationId: z.string().nullable(),
    endpointVersion: endpointVersionSchema,
    tokenUrl: z.string().nullable(),
    /** How the application proves itself, with a credential of the connection's own or of its registration. */
    credential: clientCredentialKindSchema,
    /** It has a secret or certificate of its own, which goes before its registration's. */
    hasOwnCredential: z.boolean(),
    hasClientSecret: z.boolean(),
    /** The connection's own certificate; never the private key. */
    certificate: certificateFactsSchema.nullable(),
    hasRefreshToken: z.boolean(),
    ...refreshTokenEndFields,
    /** Who signed in (UPN), or null for client credentials. */
    user: z.string().nullable(),
    /** That another person, tenant or environment came than before; stands until somebody confirms that it is right. */
    identityNotice: z.string().nullable(),
    requestTimeoutSeconds: z.number(),
    disabled: z.boolean(),
    /** Where consent is missing: the page on which an administrator consents for the whole tenant. */
    adminConsentUrl: z.string().nullable(),
    status: connectionStatusSchema,
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Connection' });
export type Connection = z.output<typeof connectionSchema>;
export type SignInMethod = Connection['method'];

export const signInLinkSchema = z.object({ url: z.string(), expiresAt: timeSchema });
/** A link for the person's own browser; opening it goes on to Microsoft's sign-in page. */
export type SignInLink = z.output<typeof signInLinkSchema>;

const testStepSchema = z.object({
  name: z.enum(['address', 'tls', 'discovery', 'token', 'claims', 'who_am_i', 'read']),
  title: z.string(),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  /** The fact that proves it, or why it was skipped. */
  detail: z.string(),
  durationMs: z.number(),
  failure: failureSchema.nullable(),
});
export type TestStep = z.output<typeof testStepSchema>;
export type TestStepName = TestStep['name'];

export const connectionTestSchema = z
  .object({
    outcome: z.enum(['passed', 'failed']),
    testedAt: timeSchema,
    steps: z.array(testStepSchema),
    /** The connection's status after the test. */
    status: connectionStatusSchema,
  })
  .meta({ id: 'ConnectionTest' });
export type ConnectionTest = z.output<typeof connectionTestSchema>;

/** The longest life that administrators can give access tokens ("configurable token lifetimes"). */
const longestTokenLifeSeconds = 24 * 60 * 60;

/** The query of the call that hands out an access token. */
export const accessTokenRequestSchema = z.object({
  minimumLifeSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(longestTokenLifeSeconds)
    .default(0)
    .describe('How long the token has to live at least; it is refreshed for that, at most once a minute'),
});
/** What the token has to be good for. */
export interface AccessTokenRequest {
  /** How long it has to live at least, up to 86 400. Microsoft's tokens live from 60 to 90 minutes, as a rule. */
  minimumLifeSeconds?: number;
}

export const accessTokenSchema = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresAt: timeSchema,
    /** The environment's origin, to call the Web API at. */
    environmentUrl: z.string(),
  })
  .meta({ id: 'AccessToken' });
/** The answer of the one endpoint that exists to hand out an access token. */
export type AccessToken = z.output<typeof accessTokenSchema>;

export const tokenFactsSchema = z
  .object({
    audience: z.string().nullable(),
    tenantId: z.string().nullable(),
    clientId: z.string().nullable(),
    user: z.string().nullable(),
    objectId: z.string().nullable(),
    scopes: z.array(z.string()),
    roles: z.array(z.string()),
    tokenVersion: z.string().nullable(),
    issuedAt: timeSchema.nullable(),
    expiresAt: timeSchema.nullable(),
    refreshTokenObtainedAt: timeSchema.nullable(),
    ...refreshTokenEndFields,
  })
  .meta({ id: 'TokenFacts' });
/** Facts of the stored access token; never the token. */
export type TokenFacts = z.output<typeof tokenFactsSchema>;

export const connectionHealthSchema = z
  .object({
    connectionId: z.string(),
    status: connectionStatusSchema,
    token: tokenFactsSchema,
    /** What the hub does next for this connection by itself, and when. */
    due: z.array(z.object({ kind: z.string(), dueAt: timeSchema })),
    /** The registration whose client id and credential it uses. */
    registration: z
      .object({
        id: z.string(),
        name: z.string(),
        state: z.string(),
        /** When its secret or certificate ends; null where that is not known. */
        credentialEndsAt: timeSchema.nullable(),
        /** Why Microsoft refuses its secret: one alarm for all its connections. */
        alarm: failureSchema.nullable(),
      })
      .nullable(),
    /** What works now and may not later, or may not be meant so. */
    warnings: z.array(
      z.object({
        code: z.enum([
          'identity_changed',
          'token_ends',
          'credential_ends_soon',
          'credential_refused',
          'sign_in_failed',
          'refresh_token_ends_soon',
          'tokens_rejected',
        ]),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'ConnectionHealth' });
/** All that is known of how a connection stands. */
export type ConnectionHealth = z.output<typeof connectionHealthSchema>;
