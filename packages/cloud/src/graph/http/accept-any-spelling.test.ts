import { beforeEach, describe, expect, it } from 'vitest';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let application: { id: string; appId: string };

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken(
    'admin',
    'Application.ReadWrite.All User.Read User.ReadWrite.All RoleManagement.ReadWrite.Directory',
  );
  const { body } = await graph.call(token, 'POST', '/applications', { displayName: "O'Neil's CRM" });
  application = body;
});

const get = (path: string, headers?: Record<string, string>) =>
  graph.call(token, 'GET', path, undefined, headers);
const batchGet = async (url: string) => {
  const { body } = await graph.call(token, 'POST', '/$batch', {
    requests: [{ id: '1', method: 'GET', url }],
  });
  return body.responses;
};

describe('a path', () => {
  it.each(['/me/', '/users/', '/applications/', '/Applications//', '/ME', '/myorganization/me/'])(
    'is taken as %s, by itself and in a batch',
    async (path) => {
      expect((await get(path)).status).toBe(200);
      expect(await batchGet(path)).toMatchObject([{ status: 200 }]);
    },
  );

  it('may name the token’s tenant by id or domain before the resource', async () => {
    for (const tenant of [graph.tenantId, graph.tenantId.toUpperCase(), 'contoso.onmicrosoft.com']) {
      const { status, body } = await get(`/${tenant}/users/admin@contoso.onmicrosoft.com`);
      expect([status, body.id]).toEqual([200, graph.idOf('admin')]);
      expect(await batchGet(`/${tenant}/me`)).toMatchObject([{ status: 200 }]);
    }
  });

  it('may not name another tenant', async () => {
    for (const tenant of ['c0ffee00-0000-4000-8000-000000000000', 'fabrikam.example']) {
      const { status, body } = await get(`/${tenant}/users`);
      expect([status, body.error.message]).toEqual([400, 'Invalid domain name in the request url.']);
      expect(await batchGet(`/${tenant}/users`)).toMatchObject([{ status: 400 }]);
    }
  });

  it('keeps slashes at its end out of the addresses that answers name', async () => {
    const made = await graph.call(token, 'POST', '/applications/', { displayName: 'Second' });
    expect(made.headers.location).toBe(`http://localhost:4482/v1.0/applications/${made.body.id}`);
    const { body } = await get('/applications/?$top=1');
    expect(body['@odata.nextLink']).toContain('/v1.0/applications?');
  });

  it('tells getMemberObjects from getMemberGroups in any case', async () => {
    const { body } = await graph.call(token, 'POST', '/me/getmemberobjects', { securityEnabledOnly: false });
    expect(body.value.length).toBeGreaterThan(0);
  });
});

describe('a key', () => {
  it.each(['appId', 'appid', 'APPID'])('may call itself %s', async (name) => {
    const { body } = await get(`/applications(${name}='${application.appId}')`);
    expect(body.id).toBe(application.id);
  });

  it('names a directory role by roletemplateid', async () => {
    const administrator = '62e90394-69f5-4237-9190-012177145e10';
    const { body } = await get(`/directoryRoles(roletemplateid='${administrator}')`);
    expect(body.displayName).toBe('Global Administrator');
  });

  it('has its quotes doubled', async () => {
    const { status, body } = await get("/users('o''neil@contoso.onmicrosoft.com')");
    expect(status).toBe(404);
    expect(body.error.message).toContain("'o'neil@contoso.onmicrosoft.com'");
    expect((await get("/users(UserPrincipalName='admin@contoso.onmicrosoft.com')")).status).toBe(200);
  });

  it('is refused by a name that the set has no key of', async () => {
    expect((await get("/applications(name='x')")).status).toBe(400);
    expect((await get("/users(mail='x')")).status).toBe(400);
  });
});

describe('a query', () => {
  it('is read whatever the case of its options and properties', async () => {
    const { body } = await get(
      `/applications?$TOP=1&$Select=Id,DISPLAYNAME&$Filter=AppId eq '${application.appId}'&$Expand=Owners($select=ID)`,
    );
    expect(body.value).toEqual([
      {
        id: application.id,
        displayName: "O'Neil's CRM",
        owners: [{ '@odata.type': '#microsoft.graph.user', id: graph.idOf('admin') }],
      },
    ]);
  });

  it('reads nested and collected properties, searches and sorts by names in any case', async () => {
    const eventual = { consistencylevel: 'eventual' };
    const paths = [
      "/applications?$FILTER=Web/HomePageUrl eq null and startsWith(DisplayName,'o')",
      "/servicePrincipals?$filter=ServicePrincipalNames/any(n:n eq 'https://graph.microsoft.com')",
      '/applications?$search="DISPLAYNAME:crm"',
      "/applications?$count=True&$orderBy=displayname DESC&$filter=displayName NE 'x'",
    ];
    for (const path of paths) expect((await get(path, eventual)).body.value).toHaveLength(1);
  });

  it('may not repeat an option in another case', async () => {
    expect((await get('/applications?$top=1&$TOP=2')).status).toBe(400);
  });
});

describe('a body', () => {
  it('may name its properties in any case, at every depth', async () => {
    const uri = 'https://crm.contoso.example/signed-in';
    const path = `/applications/${application.id}`;
    const { status } = await graph.call(token, 'PATCH', path, {
      DisplayName: 'Renamed',
      WEB: { RedirectUris: [uri] },
      AddIns: [],
      '@OData.Type': '#microsoft.graph.application',
    });
    expect(status).toBe(204);
    expect((await get(path)).body).toMatchObject({ displayName: 'Renamed', web: { redirectUris: [uri] } });
  });

  it('may write true and false as text', async () => {
    const path = `/users/${graph.idOf('sales')}`;
    for (const [text, enabled] of [
      ['False', false],
      ['true', true],
    ]) {
      expect((await graph.call(token, 'PATCH', path, { accountEnabled: text })).status).toBe(204);
      expect((await get(`${path}?$select=accountEnabled`)).body.accountEnabled).toBe(enabled);
    }
    expect((await graph.call(token, 'PATCH', path, { accountEnabled: 'yes' })).status).toBe(400);
  });

  it.each([8, 9, 12])('may write moments with %d fraction digits', async (digits) => {
    const { status, body } = await graph.call(token, 'POST', `/applications/${application.id}/addPassword`, {
      passwordCredential: { endDateTime: `2026-03-01T00:00:00.${'1234567890123'.slice(0, digits)}Z` },
    });
    expect(status).toBe(200);
    expect(body.endDateTime).toMatch(/^2026-03-01T00:00:00/);
  });
});

it.each([
  '',
  ';',
  'json',
  'application/',
  'a/b/c',
  'text/plain; charset=utf-16',
  'application/json;;',
  'ä/b',
])('takes a body of the content type %o, or refuses the type', async (type) => {
  const { status } = await graph.inject({
    method: 'PATCH',
    url: `/v1.0/applications/${application.id}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    payload: '{"displayName":"Typed"}',
  });
  expect([204, 415]).toContain(status);
});
