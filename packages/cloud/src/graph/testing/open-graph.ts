import { wellKnownIds } from '@latchkey/microsoft';
import Fastify, { type InjectOptions } from 'fastify';
import { createMovableClock, type MovableClock } from '../../clock.ts';
import { createCloudContext, type ServicesContext } from '../../create-cloud-context.ts';
import { contosoDomain } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findTenant } from '../../directory/tenants.ts';
import { findUserByName } from '../../directory/users.ts';
import { isRecord } from '../../ground/json.ts';
import { signJwt } from '../../jwt/sign-jwt.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { registerGraph } from '../register-graph.ts';

interface GraphTestAnswer {
  status: number;
  headers: Record<string, unknown>;
  /** Parsed JSON; an empty object when there was no body. What a test names must be there. */
  body: TestResource & { value: TestResource[]; error: { code: string; message: string } };
}

type TestResource = GraphResource & {
  id: string;
  appId: string;
  keyId: string;
  secretText: string;
  displayName: string;
  '@odata.nextLink': string;
};

export interface GraphTestClient {
  context: ServicesContext;
  clock: MovableClock;
  tenantId: string;
  /** Calls with a token; the path begins below `/v1.0` unless it begins with `http`. */
  call(
    token: string,
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<GraphTestAnswer>;
  inject(options: InjectOptions): Promise<GraphTestAnswer>;
  /** The body as it came. */
  injectText(options: InjectOptions): Promise<string>;
  /** A token of a person, e.g. `personToken('admin', 'User.Read')`. */
  personToken(name: string, scopes: string, claims?: object): Promise<string>;
  applicationToken(principalId: string, roles: string[]): Promise<string>;
  idOf(name: string): string;
  /** Object id of a service principal, of Azure CLI's unless told otherwise. */
  principalIdOf(appId?: string): string;
}

const startOfTime = Date.UTC(2026, 0, 15, 10, 0, 0);
const tokenSeconds = 3600;
const addresses = {
  entra: { http: 'http://localhost:4481', https: 'https://localhost:4491' },
  graph: { http: 'http://localhost:4482', https: 'https://localhost:4492' },
  crm: { http: 'http://localhost:4483', https: 'https://localhost:4493' },
  portal: { http: 'http://localhost:4484', https: 'https://localhost:4494' },
  admin: { http: 'http://localhost:4486', https: 'https://localhost:4496' },
};

function readBody(text: string): GraphTestAnswer['body'] {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  if (isTestBody(body)) return body;
  throw new Error(`Graph answered with something else than a JSON object: ${text}`);
}

/** Which properties there are is what tests look at. */
function isTestBody(body: unknown): body is GraphTestAnswer['body'] {
  return isRecord(body);
}

/** A Graph of its own for one test, in memory, with a clock that stands until it is moved. */
export async function openGraph(): Promise<GraphTestClient> {
  const clock = createMovableClock({ now: () => startOfTime });
  const context = await createCloudContext({ file: ':memory:', clock, addresses });
  const app = Fastify({ logger: false });
  registerGraph(app, context);
  const tenantId = findTenant(context.directory, contosoDomain)?.id ?? '';
  const idOf = (name: string) =>
    findUserByName(context.directory, `${name}@${contosoDomain}`)?.id ?? `no user ${name}`;
  const sign = (claims: object) => {
    const now = Math.floor(clock.now() / 1000);
    return signJwt(context.signingKeys.current, {
      aud: 'https://graph.microsoft.com',
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + tokenSeconds,
      tid: tenantId,
      ver: '1.0',
      ...claims,
    });
  };
  const inject = async (options: InjectOptions): Promise<GraphTestAnswer> => {
    const { statusCode, headers, body } = await app.inject(options);
    return { status: statusCode, headers, body: readBody(body) };
  };
  return {
    context,
    clock,
    tenantId,
    inject,
    injectText: async (options) => (await app.inject(options)).body,
    idOf,
    principalIdOf: (appId = wellKnownIds.azureCli) =>
      findServicePrincipalByAppId(context.directory, tenantId, appId)?.id ?? `no principal of ${appId}`,
    call: (token, method, path, body, headers = {}) =>
      inject({
        method,
        url: path.startsWith('http') ? path.slice(addresses.graph.http.length) : `/v1.0${path}`,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body && { payload: body }),
      }),
    personToken: (name, scopes, claims = {}) =>
      sign({ oid: idOf(name), sub: idOf(name), scp: scopes, ...claims }),
    applicationToken: (principalId, roles) => sign({ oid: principalId, sub: principalId, roles }),
  };
}

/** Scopes that let an administrator do everything that this Graph offers. */
export const everyScope =
  'Application.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All AppRoleAssignment.ReadWrite.All User.Read';
