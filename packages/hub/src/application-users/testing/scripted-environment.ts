import {
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from '../../connections/testing/scripted-server.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
export const clientId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const administratorToken = unsignedJwt({ upn: 'admin@contoso.example', scp: 'user_impersonation' });

const unitId = '00000000-0000-4000-8000-0000000000b1';
export const roles = ['Basic User', 'Sales Manager', 'System Administrator'].map((name, index) => ({
  roleid: `00000000-0000-4000-8000-00000000000${index + 1}`,
  name,
}));

interface ScriptedUser {
  systemuserid: string;
  applicationid: string;
  isdisabled: boolean;
  roles: Set<string>;
}

/** Entra ID and an environment as far as an application user goes, on one port of the loopback. */
export interface ScriptedEnvironment extends ScriptedServer {
  /** Of the root business unit. */
  unitId: string;
  users: ScriptedUser[];
  addUser(change?: Partial<ScriptedUser>): ScriptedUser;
  /** How often a call came, by method and the end of its path. */
  count(method: string, pathEnd: RegExp): number;
}

export async function startScriptedEnvironment(): Promise<ScriptedEnvironment> {
  const users: ScriptedUser[] = [];
  const server = await startScriptedServer((request) =>
    request.path.startsWith('/api/data/') ? answerCrm(request) : answerEntra(request),
  );
  const environment: ScriptedEnvironment = {
    ...server,
    unitId,
    users,
    addUser(change = {}) {
      const systemuserid = `00000000-0000-4000-8000-0000000000a${users.length + 1}`;
      const user = { systemuserid, applicationid: clientId, isdisabled: false, roles: new Set<string>() };
      users.push({ ...user, ...change });
      return users.at(-1) ?? user;
    },
    count: (method, pathEnd) =>
      server.requests.filter((request) => request.method === method && pathEnd.test(request.path)).length,
  };

  function answerEntra({ path, form }: ReceivedRequest): ScriptedAnswer {
    if (path.endsWith('/openid-configuration')) {
      const base = `${server.origin}/${tenantId}/oauth2/v2.0`;
      const body = {
        issuer: base,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
      };
      return { status: 200, body };
    }
    const isApp = form.get('grant_type') === 'client_credentials';
    const claims = { aud: server.origin, tid: tenantId, appid: clientId };
    const accessToken = isApp ? unsignedJwt(claims) : administratorToken;
    const refresh = isApp ? {} : { refresh_token: 'refresh-token-of-the-administrator' };
    const body = { token_type: 'Bearer', expires_in: 3600, access_token: accessToken, ...refresh };
    return { status: 200, body };
  }

  function answerCrm({ method, path, query, body, authorization }: ReceivedRequest): ScriptedAnswer {
    if (authorization === undefined) {
      const challenge = `Bearer authorization_uri=${server.origin}/${tenantId}/oauth2/authorize, resource_id=${server.origin}/`;
      return { status: 401, headers: { 'www-authenticate': challenge } };
    }
    const rest = path.replace('/api/data/v9.2/', '');
    if (authorization !== `Bearer ${administratorToken}`) return answerApp(rest);
    if (rest === 'businessunits') return rows([{ businessunitid: unitId, name: 'Contoso' }]);
    if (rest === 'roles') return rows(roles);
    const [, id] = /^systemusers\(([^)]+)\)/.exec(rest) ?? [];
    const [association, roleId = ''] =
      /\/systemuserroles_association(?:\(([^)]+)\))?(?:\/\$ref)?$/.exec(rest) ?? [];
    if (id === undefined) return answerUsers(method, query, body);
    const user = users.find(({ systemuserid }) => systemuserid === id);
    if (!user) return refused(404, '0x80040217', 'There is no such user.');
    if (association !== undefined) return answerRoles(user, method, body, roleId);
    if (method === 'DELETE') {
      if (!user.isdisabled) return refused(405, '0x8004023b', 'Only once it is disabled.');
      users.splice(users.indexOf(user), 1);
    } else Object.assign(user, JSON.parse(body));
    return { status: 204 };
  }

  function answerUsers(method: string, query: URLSearchParams, body: string): ScriptedAnswer {
    if (method === 'POST') {
      environment.addUser({ applicationid: String(JSON.parse(body).applicationid) });
      return { status: 204 };
    }
    const wanted = /applicationid eq (\S+)/.exec(query.get('$filter') ?? '')?.[1];
    const found = users.filter(({ applicationid }) => applicationid === wanted);
    return rows(found.map(({ systemuserid, isdisabled }) => ({ systemuserid, isdisabled })));
  }

  function answerRoles(user: ScriptedUser, method: string, body: string, roleId: string): ScriptedAnswer {
    if (method === 'GET') return rows(roles.filter(({ roleid }) => user.roles.has(roleid)));
    if (method === 'POST') user.roles.add(/roles\(([^)]+)\)/.exec(body)?.[1] ?? '');
    else if (!user.roles.delete(roleId)) return refused(404, '0x80040217', 'It has not that role.');
    return { status: 204 };
  }

  /** The application itself: let in once there is a user with a role. */
  function answerApp(rest: string): ScriptedAnswer {
    const user = users.find(({ applicationid }) => applicationid === clientId);
    if (!user) return refused(403, '0x80072560', 'The user is not a member of the organization.');
    if (user.isdisabled) return refused(403, '0x80040225', 'The specified user is disabled.');
    if (user.roles.size === 0) return refused(403, '0x80042f09', 'The user has not been assigned any roles.');
    return rest === 'WhoAmI'
      ? { status: 200, body: { UserId: user.systemuserid, OrganizationId: 'o', BusinessUnitId: unitId } }
      : rows([{ name: 'Adventure Works' }]);
  }

  return environment;
}

export function refused(status: number, code: string, message: string): ScriptedAnswer {
  return { status, body: { error: { code, message } } };
}

function rows(value: object[]): ScriptedAnswer {
  return { status: 200, body: { value } };
}

/** The hub only reads tokens; nobody checks this signature. */
function unsignedJwt(claims: Record<string, string>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}
