import { type FastifyInstance, fastify, type InjectOptions, type LightMyRequestResponse } from 'fastify';
import { createMovableClock, type MovableClock } from '../../clock.ts';
import { createCloudContext, type ServicesContext } from '../../create-cloud-context.ts';
import { defaultEnvironment } from '../../directory/environments.ts';
import { contosoDomain, seededUsers } from '../../directory/seed-contoso.ts';
import { stableGuid } from '../../directory/stable-guid.ts';
import { findTenant } from '../../directory/tenants.ts';
import { findUserByName } from '../../directory/users.ts';
import { isRecord } from '../../ground/json.ts';
import { signJwt } from '../../jwt/sign-jwt.ts';
import type { Seed } from '../../seed/seed-schema.ts';
import { noteKnownOrigins } from '../../service-origins.ts';
import { registerDataverse } from '../register-dataverse.ts';

export const crmOrigin = 'http://localhost:4483';
export const root = '/api/data/v9.2';
export const serviceRoot = `${crmOrigin}${root}`;
/** 31 January 2026, 10:00 UTC */
export const testTime = Date.UTC(2026, 0, 31, 10);

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A row or the answer of a function: what a test names of it must be there. */
type CrmRow = Record<string, unknown> & {
  name: string;
  fullname: string;
  domainname: string | null;
  accountid: string;
  contactid: string;
  leadid: string;
  opportunityid: string;
  systemuserid: string;
  roleid: string;
  transactioncurrencyid: string;
  UserId: string;
  BusinessUnitId: string;
  OrganizationId: string;
  '@odata.etag': string;
  '@odata.id': string;
};

/** The one row that a test asks for. */
export function firstRow(body: { value: CrmRow[] }): CrmRow {
  const [row] = body.value;
  if (!row) throw new Error('There is no such row.');
  return row;
}

/** The JSON of an answer: rows, one of them, or an error. */
type CrmBody = CrmRow & {
  value: CrmRow[];
  error: { code: string; message: string };
  '@odata.context': string;
  '@odata.nextLink': string;
};

/** An answer of the Web API. */
export interface CrmAnswer extends Omit<LightMyRequestResponse, 'json'> {
  json(): CrmBody;
}

/** Reads the JSON of an answer that has some. */
function readAnswer(answer: LightMyRequestResponse): CrmAnswer {
  return Object.assign(answer, { json: () => readBody(answer.body) });
}

function readBody(text: string): CrmBody {
  const body: unknown = JSON.parse(text);
  if (isCrmBody(body)) return body;
  throw new Error(`The CRM answered with something else than a JSON object: ${text}`);
}

function isCrmBody(body: unknown): body is CrmBody {
  return isRecord(body);
}

/** A CRM on the seeded tenant, in memory unless a file is given, called without sockets. */
export interface TestCrm {
  app: FastifyInstance;
  context: ServicesContext;
  clock: MovableClock;
  tenantId: string;
  /** Signs an access token as Entra ID would; `claims` replace what is given by default, undefined takes out. */
  token(claims?: Record<string, unknown>): Promise<string>;
  /** Claims of a seeded person's delegated token. */
  claimsOf(user: keyof typeof seededUsers): Record<string, unknown>;
  /** Calls as the administrator, or with the `authorization` given. */
  call(
    method: Method,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<CrmAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<CrmAnswer>;
  close(): Promise<void>;
}

/** Where the environment Fabrikam of `twoTenants` listens. */
export const fabrikamOrigin = 'http://localhost:4501';

/** A tenant beside Contoso, with an environment and people of its own. */
export const twoTenants: Seed = {
  tenants: [
    {
      displayName: 'Fabrikam',
      domains: ['fabrikam.onmicrosoft.com'],
      users: [
        {
          userPrincipalName: 'ada@fabrikam.onmicrosoft.com',
          directoryRoles: ['Global Administrator'],
          licences: ['dynamics-365-sales'],
        },
        { userPrincipalName: 'bob@fabrikam.onmicrosoft.com', licences: ['dynamics-365-sales'] },
      ],
      environments: [{ urlName: 'fabrikam' }, { urlName: 'fabrikam-gov', regionHost: 'crm9.dynamics.com' }],
    },
  ],
};

/** @param seed what there is beside Contoso; `x-came-by` among a call's headers says through which origin it came */
export async function openTestCrm({
  file = ':memory:',
  seed = {},
}: {
  file?: string;
  seed?: Seed;
} = {}): Promise<TestCrm> {
  const clock = createMovableClock({ now: () => testTime });
  const addresses = {
    entra: { http: 'http://localhost:4481', https: 'https://localhost:4491' },
    graph: { http: 'http://localhost:4482', https: 'https://localhost:4492' },
    crm: { http: crmOrigin, https: 'https://localhost:4493' },
    portal: { http: 'http://localhost:4484', https: 'https://localhost:4494' },
    admin: { http: 'http://localhost:4486', https: 'https://localhost:4496' },
  };
  const environments = new Map([
    [
      stableGuid('environment:fabrikam.crm4.dynamics.com'),
      { http: fabrikamOrigin, https: 'https://localhost:4511' },
    ],
  ]);
  const context = await createCloudContext({ file, clock, addresses: { ...addresses, environments }, seed });
  const app = fastify({ logger: false });
  app.addHook('onRequest', (request, _reply, done) => {
    const { 'x-came-by': origin } = request.headers;
    if (typeof origin === 'string') {
      noteKnownOrigins(request.raw, new Map([[context.addresses.crm, origin]]));
    }
    done();
  });
  registerDataverse(app, context);
  const tenantId = findTenant(context.directory, contosoDomain)?.id ?? '';

  const claimsOf: TestCrm['claimsOf'] = (user) => {
    const person = findUserByName(context.directory, seededUsers[user]);
    return { oid: person?.id, sub: person?.id, upn: person?.userPrincipalName };
  };
  const token: TestCrm['token'] = (claims = {}) => {
    const now = Math.floor(clock.now() / 1000);
    return signJwt(context.signingKeys.current, {
      aud: crmOrigin,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now,
      nbf: now - 300,
      exp: now + 3600,
      tid: tenantId,
      appid: '11111111-2222-3333-4444-555555555555',
      scp: 'user_impersonation',
      ver: '1.0',
      ...claimsOf('administrator'),
      ...claims,
    });
  };
  const call: TestCrm['call'] = async (method, path, { body, headers = {} } = {}) => {
    const request: InjectOptions = {
      method,
      url: path.startsWith('/') ? path : `${root}/${path}`,
      headers: {
        authorization: `Bearer ${await token()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    };
    if (body !== undefined) request.payload = typeof body === 'string' ? body : JSON.stringify(body);
    return readAnswer(await app.inject(request));
  };
  return {
    app,
    context,
    clock,
    tenantId,
    token,
    claimsOf,
    call,
    get: (path, headers) => call('GET', path, headers ? { headers } : {}),
    async close() {
      await app.close();
      context.directory.close();
    },
  };
}

/** The environment's organization id. */
export function organizationIdOf({ context }: TestCrm): string {
  return defaultEnvironment(context.directory)?.organizationId ?? '';
}
