import { entraError } from './entra-answers.ts';
import {
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.ts';

export const tenantId = '11111111-2222-4333-8444-555555555555';
export const clientId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const clientSecret = 'the~right/secret+value=';
export const authorizationCode = 'the-right-authorization-code';

/** Claims that differ from those of alice's token for the scripted CRM; null leaves one out. */
type ChangedClaims = Record<string, string | number | string[] | null>;

/** Entra ID and a CRM as far as a connection goes, each on a port of the loopback, with faults on demand. */
export interface ScriptedMicrosoft {
  entra: ScriptedServer;
  crm: ScriptedServer;
  /** What the token endpoint hands out differs by this. */
  claims: ChangedClaims;
  /** Members of the next token answers that differ; undefined leaves one out. */
  answer: Record<string, unknown>;
  /** Access tokens that the CRM does not accept. */
  rejected: Set<string>;
  /** How many requests the token endpoint got. */
  tokenRequests(): ReceivedRequest[];
  /** An access token as Entra ID makes it, each a different one. */
  accessToken(claims?: ChangedClaims): string;
  close(): Promise<void>;
}

export async function startScriptedMicrosoft(): Promise<ScriptedMicrosoft> {
  let issued = 0;
  const crm = await startScriptedServer((request) => answerCrm(request));
  const entra = await startScriptedServer((request) => answerEntra(request));
  const microsoft: ScriptedMicrosoft = {
    entra,
    crm,
    claims: {},
    answer: {},
    rejected: new Set(),
    tokenRequests: () => entra.requests.filter(({ path }) => path.endsWith('/token')),
    accessToken(claims = {}) {
      issued += 1;
      const alice = {
        aud: crm.origin,
        tid: tenantId,
        appid: clientId,
        upn: 'alice@contoso.example',
        oid: '99999999-0000-4000-8000-000000000001',
        scp: 'user_impersonation',
        ver: '1.0',
        uti: String(issued),
      };
      return unsignedJwt({ ...alice, ...microsoft.claims, ...claims });
    },
    async close() {
      await entra.close();
      await crm.close();
    },
  };

  function answerEntra({ path, form }: ReceivedRequest): ScriptedAnswer {
    const base = `${entra.origin}/${tenantId}/oauth2/v2.0`;
    if (path.endsWith('/openid-configuration')) {
      const body = {
        issuer: base,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
      };
      return { status: 200, body };
    }
    const grantType = form.get('grant_type');
    if (form.has('client_secret') && form.get('client_secret') !== clientSecret) {
      return entraError(401, 'invalid_client', 7000215);
    }
    if (grantType === 'authorization_code' && form.get('code') !== authorizationCode) {
      return entraError(400, 'invalid_grant', 54005);
    }
    const isApp = grantType === 'client_credentials';
    const accessToken = microsoft.accessToken(isApp ? { scp: null, upn: null } : {});
    const refresh = isApp ? {} : { refresh_token: `refresh-token-${issued}` };
    const body = { token_type: 'Bearer', expires_in: 3600, access_token: accessToken, ...refresh };
    return { status: 200, body: { ...body, ...microsoft.answer } };
  }

  function answerCrm({ path, authorization }: ReceivedRequest): ScriptedAnswer {
    const token = authorization?.replace('Bearer ', '');
    if (token === undefined || microsoft.rejected.has(token)) {
      const challenge = `Bearer authorization_uri=${entra.origin}/${tenantId}/oauth2/authorize, resource_id=${crm.origin}/`;
      return { status: 401, headers: { 'www-authenticate': challenge } };
    }
    if (path.endsWith('/WhoAmI')) {
      return {
        status: 200,
        body: { UserId: 'user-1', OrganizationId: 'organization-1', BusinessUnitId: 'unit-1' },
      };
    }
    return { status: 200, body: { value: [{ name: 'Adventure Works' }] } };
  }

  return microsoft;
}

/** The hub only reads tokens; nobody checks this signature. */
function unsignedJwt(claims: ChangedClaims): string {
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(kept)}.c2lnbmF0dXJl`;
}
