import type { AadstsCodes } from './aadsts-entry.ts';

/** The code or refresh token can't be used any more; a new sign-in gives another. */
const grantSpent = {
  error: 'invalid_grant',
  httpStatus: 400,
  delivery: 'token',
  whoActs: 'user',
  nature: 'interaction',
} as const;

/** A mistake of the client in a flow that is under way. */
const clientMistake = {
  error: 'invalid_grant',
  httpStatus: 400,
  delivery: 'token',
  whoActs: 'developer',
  nature: 'terminal',
} as const;

const signInAgain = 'Sign in again to renew the connection.';

const sessionEnded = {
  ...grantSpent,
  message: 'Session is invalid due to expiration or recent password change.',
  cause: 'The session ended, or the password was changed after the sign-in.',
  remedy: signInAgain,
} as const;

const wrongCodeChallengeSize = {
  ...clientMistake,
  error: 'invalid_request',
  delivery: 'redirect',
  message: 'The size of the code_challenge parameter is not valid.',
  cause: 'The code challenge does not have the form that RFC 7636 §4.2 asks for.',
  remedy: 'Send 43 to 128 characters; with S256 the base64url form of the SHA-256 of the verifier.',
} as const;

const userAssertionRefused = {
  ...clientMistake,
  message: 'Assertion is not within its valid time range, or is not valid for other reasons.',
  cause:
    'The token handed on in the on-behalf-of flow is not valid: ended, for another audience, or wrongly signed.',
  remedy: 'Get a new token for this app and hand on that one.',
} as const;

/** Codes about authorization codes, refresh tokens, PKCE and the device flow. */
export const grantCodes = {
  codeAlreadyRedeemed: {
    ...grantSpent,
    code: 54005,
    message:
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    cause: 'The authorization code was used a second time, mostly because the callback was called twice.',
    remedy: 'Start the sign-in again. A code can be redeemed once only.',
  },
  invalidGrant: {
    ...grantSpent,
    code: 70000,
    message:
      'The request was denied because one or more scopes requested are unauthorized or expired. The provided grant is not valid.',
    cause: 'The code or refresh token is malformed or was issued to another app.',
    remedy: signInAgain,
  },
  expiredOrRevokedGrant: {
    ...grantSpent,
    code: 70008,
    message:
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    cause:
      'The code is older than ten minutes, or the refresh token was not used for too long or was revoked.',
    remedy: signInAgain,
  },
  inactiveRefreshToken: {
    ...grantSpent,
    code: 700082,
    suberror: 'bad_token',
    message:
      'The refresh token has expired due to inactivity. The token was issued on {issuedAt} and was inactive for 90.00:00:00.',
    cause: 'The connection was not used for 90 days, so its refresh token ended.',
    remedy: signInAgain,
  },
  expiredSinglePageAppToken: {
    ...grantSpent,
    code: 700084,
    message:
      'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issuedAt}.',
    cause:
      'The redirect URI is registered as Single-page application; such refresh tokens end after 24 hours.',
    remedy: 'Register the redirect URI under the platform Web, then sign in again.',
  },
  badTokenDueToSignInFrequency: {
    ...grantSpent,
    code: 70043,
    suberror: 'bad_token',
    message:
      'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on {issuedAt} and the maximum allowed lifetime for this request is {lifetime}.',
    cause: 'A policy of the organization asks for a new sign-in at fixed intervals.',
    remedy: `${signInAgain} To stop it, an administrator exempts this app from the sign-in frequency policy, or the connection uses client credentials.`,
  },
  freshTokenNeeded: {
    ...grantSpent,
    code: 50173,
    suberror: 'bad_token',
    message:
      "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{issuedAt}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{validFrom}'.",
    cause: "The person's sign-ins were revoked: a password reset, or an administrator ended the sessions.",
    remedy: signInAgain,
  },
  flowTokenExpired: {
    ...grantSpent,
    code: 50089,
    message:
      'Authentication failed due to flow token expired. Expected - auth codes, refresh tokens, and sessions expire over time or are revoked by the user or an admin.',
    cause: 'The sign-in took too long.',
    remedy: 'Start the sign-in again.',
  },
  sessionInvalidOrExpired: { ...sessionEnded, code: 50132 },
  sessionRevoked: { ...sessionEnded, code: 50133 },
  grantOfAnotherTenant: {
    ...clientMistake,
    code: 700005,
    message:
      'The provided authorization code is intended to be used against another tenant, and was rejected.',
    cause: 'The code was issued by one tenant and redeemed at another.',
    remedy: 'Use the same tenant in the authorize and the token address.',
  },
  codeVerifierMismatch: {
    ...clientMistake,
    code: 501481,
    message: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    cause: 'The code verifier is not the one that the code challenge was made from.',
    remedy: 'Start the sign-in again; keep the verifier together with its state.',
  },
  missingCodeChallenge: { ...wrongCodeChallengeSize, code: 50147 },
  invalidCodeChallengeSize: { ...wrongCodeChallengeSize, code: 501491 },
  authorizationPending: {
    code: 70016,
    error: 'authorization_pending',
    httpStatus: 400,
    delivery: 'token',
    message: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
    cause: 'The person has not finished the sign-in on the other device yet.',
    whoActs: 'user',
    remedy: 'Enter the code on the sign-in page. The question is repeated by itself meanwhile.',
    nature: 'transient',
  },
  badVerificationCode: {
    ...grantSpent,
    code: 70018,
    error: 'bad_verification_code',
    message:
      'Invalid verification code due to user typing in wrong user code for device code flow. Authorization is not approved.',
    cause: 'The device code or the code typed in is wrong.',
    remedy: 'Start again and type the new code.',
  },
  expiredVerificationCode: {
    ...grantSpent,
    code: 70019,
    error: 'expired_token',
    errorV1: 'code_expired',
    message: 'Verification code expired. Have the user retry the sign-in.',
    cause: 'The code for the other device was not used within 15 minutes.',
    remedy: 'Start again and type the new code.',
  },
  missingUserCode: {
    ...grantSpent,
    code: 90119,
    httpStatus: null,
    delivery: 'page',
    message: 'The user code is null or empty.',
    cause: 'No code was typed in.',
    remedy: 'Start again and type the code that is shown.',
  },
  userCodeAlreadyUsed: {
    ...grantSpent,
    code: 90120,
    httpStatus: null,
    delivery: 'page',
    message: 'The user code was already used or approved.',
    cause: 'The code was used before.',
    remedy: 'Start again and type the new code.',
  },
  expiredUserAssertion: { ...userAssertionRefused, code: 500133 },
  invalidUserAssertion: { ...userAssertionRefused, code: 50013 },
  loopDetected: {
    code: 50196,
    error: 'temporarily_unavailable',
    httpStatus: 400,
    delivery: 'token',
    message:
      'The server terminated an operation because it encountered a client request loop. Please contact your app vendor.',
    cause: 'The same request came too often within a short time.',
    whoActs: 'nobody',
    remedy:
      'Wait; the next try comes by itself. If it goes on, look for a second process that uses the same app without caching tokens.',
    nature: 'transient',
  },
} as const satisfies AadstsCodes;
