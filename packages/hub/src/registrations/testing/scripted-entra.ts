import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import type { ScriptedAnswer, ScriptedCall } from './scripted-call.ts';
import type { Directory } from './scripted-graph.ts';

/** What Entra ID does with the sign-ins to come. */
export interface EntraScript {
  /** What the polls meet, one after the other; the last stays. */
  deviceCode: ('pending' | 'approved' | 'declined' | 'expired')[];
  /** The next client-credentials requests get these answers, one each. */
  tokenAnswers: ScriptedAnswer[];
}

export const administratorToken = unsignedJwt({ upn: 'admin@contoso.onmicrosoft.com' });
export const administratorCode = 'administrators-authorization-code';
const deviceCode = 'device-code-of-the-administrator';

/** An error in Entra ID's envelope. */
export function entraError(status: number, error: string, code: number, text = 'No.'): ScriptedAnswer {
  const trace = '0000aaaa-11bb-4ccc-8d33-eeeeee333333';
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: 2026-11-22 12:00:00Z`,
      error_codes: [code],
      timestamp: '2026-11-22 12:00:00Z',
      trace_id: trace,
      correlation_id: trace,
    },
  };
}

export function answerEntra(call: ScriptedCall, directory: Directory, script: EntraScript): ScriptedAnswer {
  const [, tenant = ''] = call.path.split('/');
  if (call.path.endsWith('/openid-configuration')) {
    const isKnown = tenant === directory.tenantId || tenant === 'contoso.onmicrosoft.com';
    const issuer = `https://login.microsoftonline.com/${directory.tenantId}/v2.0`;
    return isKnown ? { status: 200, body: { issuer } } : entraError(400, 'invalid_tenant', 90002);
  }
  if (call.path.endsWith('/devicecode')) {
    const body = {
      device_code: deviceCode,
      user_code: 'FKJ7XYZ12',
      verification_uri: 'https://microsoft.com/devicelogin',
      expires_in: 900,
      interval: 5,
      message: 'To sign in, open https://microsoft.com/devicelogin and enter the code FKJ7XYZ12.',
    };
    return { status: 200, body };
  }
  return call.path.endsWith('/token')
    ? answerToken(call.body, directory, script)
    : entraError(404, 'invalid_request', 900144);
}

function answerToken(
  body: Record<string, unknown>,
  directory: Directory,
  script: EntraScript,
): ScriptedAnswer {
  switch (body.grant_type) {
    case 'authorization_code':
      return body.code === administratorCode && typeof body.code_verifier === 'string'
        ? token(administratorToken)
        : entraError(400, 'invalid_grant', 70008);
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return answerDeviceCode(script);
    default:
      return script.tokenAnswers.shift() ?? answerClient(body, directory);
  }
}

function answerDeviceCode({ deviceCode: states }: EntraScript): ScriptedAnswer {
  const state = states.length > 1 ? states.shift() : states[0];
  if (state === 'approved') return token(administratorToken);
  if (state === 'declined') return entraError(400, 'authorization_declined', 70016);
  return state === 'expired'
    ? entraError(400, 'expired_token', 70019)
    : entraError(400, 'authorization_pending', 70016);
}

function answerClient(body: Record<string, unknown>, directory: Directory): ScriptedAnswer {
  const clientId = String(body.client_id);
  const application = directory.applications.find(({ appId }) => appId === clientId);
  if (!application) return entraError(400, 'unauthorized_client', 700016);
  const { roles = [] } = application;
  const aud = String(body.scope).replace('/.default', '');
  const claims = { appid: clientId, aud, tid: directory.tenantId };
  const answer = token(unsignedJwt({ ...claims, ...(roles.length > 0 && { roles }) }));
  if (typeof body.client_assertion === 'string' && isOfAnotherIssuer(body.client_assertion)) {
    return answerFederated(application, claimsOf(body.client_assertion), answer);
  }
  if (typeof body.client_assertion === 'string') {
    return isByCertificate(application, body.client_assertion, directory.now())
      ? answer
      : entraError(401, 'invalid_client', 700027);
  }
  const now = directory.now();
  const secret = application.passwordCredentials.find(
    ({ secretText, knownAt = 0 }) => secretText === body.client_secret && knownAt <= now,
  );
  if (!secret) return entraError(401, 'invalid_client', 7000215);
  return Date.parse(secret.endDateTime) <= now ? entraError(401, 'invalid_client', 7000222) : answer;
}

/** The token of a platform, unsigned here: nobody checks that. */
function isOfAnotherIssuer(assertion: string): boolean {
  return typeof claimsOf(assertion).iss === 'string' && claimsOf(assertion).iss !== claimsOf(assertion).sub;
}

function claimsOf(assertion: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
}

function answerFederated(
  { federated = [] }: Directory['applications'][number],
  { iss, sub, aud }: Record<string, unknown>,
  answer: ScriptedAnswer,
): ScriptedAnswer {
  const ofIssuer = federated.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) return entraError(401, 'invalid_client', 700211);
  const trusted = ofIssuer.find(({ subject }) => subject === sub);
  if (!trusted) return entraError(401, 'invalid_client', 700213);
  return trusted.audiences.includes(String(aud)) ? answer : entraError(401, 'invalid_client', 700212);
}

/** Whether an assertion names a living certificate of the application and was signed with its key, PS256. */
function isByCertificate(
  application: Directory['applications'][number],
  assertion: string,
  now: number,
): boolean {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const { alg, 'x5t#S256': thumbprint } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const keys = Array.isArray(application.keyCredentials) ? application.keyCredentials : [];
  return keys.some(({ key }: { key: string }) => {
    const der = Buffer.from(key, 'base64');
    if (alg !== 'PS256' || createHash('sha256').update(der).digest('base64url') !== thumbprint) return false;
    const { validToDate, publicKey } = new X509Certificate(der);
    if (validToDate.getTime() <= now) return false;
    const options = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING };
    return verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { ...options, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
      Buffer.from(signature, 'base64url'),
    );
  });
}

/** An answer with a token for an application; null for one that can't be read. */
export function tokenOf(clientId: string | null): ScriptedAnswer {
  return token(clientId === null ? 'opaque' : unsignedJwt({ appid: clientId }));
}

function token(accessToken: string): ScriptedAnswer {
  return { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: accessToken } };
}

/** The hub only reads tokens; nobody checks this signature. */
function unsignedJwt(claims: Record<string, string | string[]>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}
