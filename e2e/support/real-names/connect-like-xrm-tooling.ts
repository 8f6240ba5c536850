/**
 * Sends what Microsoft's .NET clients for Dataverse send when somebody connects by name and password with the client
 * id of their samples: they know the environment's address and nothing else. Prints what it met as one JSON line.
 */
const [environment = '', userName = ''] = process.argv.slice(2);
const clientId = '51f81489-12ee-4a9e-aaae-a2591f45987d';

async function readJson<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  const body: T = JSON.parse(text);
  return body;
}

// Who signs people in here? The challenge of a call without a token tells.
const probe = await fetch(`${environment}/XRMServices/2011/Organization.svc/web?SdkClientVersion=9.2`);
const challenge = probe.headers.get('www-authenticate') ?? '';
const [, authorizationUri = ''] = /authorization_uri=([^,\s]+)/.exec(challenge) ?? [];
const [, resource = ''] = /resource_id=([^,\s]+)/.exec(challenge) ?? [];
const authority = authorizationUri.replace('/oauth2/authorize', '');

// Is that one of Microsoft's authorities, and does it keep the password itself?
const { origin, pathname } = new URL(authority);
const instance = await readJson<{ tenant_discovery_endpoint: string }>(
  `${origin}/common/discovery/instance?${new URLSearchParams({
    'api-version': '1.1',
    authorization_endpoint: `https://login.microsoftonline.com${pathname}/oauth2/v2.0/authorize`,
  }).toString()}`,
);
const realm = await readJson<{ account_type: string }>(
  `${origin}/common/userrealm/${userName}?api-version=1.0`,
);
const discovery = await readJson<{ token_endpoint: string }>(instance.tenant_discovery_endpoint);

async function requestToken(scope: string): Promise<string> {
  const answer = await readJson<{ access_token: string }>(discovery.token_endpoint, {
    method: 'POST',
    headers: {
      'client-request-id': crypto.randomUUID(),
      'return-client-request-id': 'true',
      'x-client-sku': 'MSAL.NetCore',
      'x-client-ver': '4.0.0.0',
      'x-ms-lib-capability': 'retry-after, h429',
    },
    body: new URLSearchParams({
      client_id: clientId,
      client_info: '1',
      grant_type: 'password',
      username: userName,
      password: process.env.PASSWORD ?? '',
      scope: `${scope} openid profile offline_access`,
    }),
  });
  return answer.access_token;
}

const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const token = await requestToken(`${resource}/user_impersonation`);
const api = `${environment}/api/data/v9.2`;
const whoAmI = await readJson<{ OrganizationId: string }>(`${api}/WhoAmI`, withToken(token));
const accessType = "@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'";
const organization = await readJson<{ Detail: { OrganizationId: string; State: string } }>(
  `${api}/RetrieveCurrentOrganization(AccessType=@p1)?${accessType}`,
  withToken(token),
);
const globalDiscovery = 'https://globaldisco.crm.dynamics.com';
const instances = await readJson<{ value: { Id: string; Url: string }[] }>(
  `${globalDiscovery}/api/discovery/v2.0/Instances?$select=Id,Url`,
  withToken(await requestToken(`${globalDiscovery}//user_impersonation`)),
);

process.stdout.write(
  `${JSON.stringify({
    probed: probe.status,
    resource,
    realm: realm.account_type,
    organizationId: whoAmI.OrganizationId,
    organization: organization.Detail,
    instances: instances.value,
  })}\n`,
);
