/**
 * A program that knows Microsoft's names and nothing of this product: asks the Global Discovery Service which
 * environments a person has, and calls each of them. Prints what it met as one JSON line.
 */
const [clientId = '', username = ''] = process.argv.slice(2);
const discovery = process.env.DISCOVERY ?? '';
const authority = process.env.AUTHORITY ?? '';

async function readJson<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  const body: T = JSON.parse(text);
  return body;
}

/** The header with a token for a resource; the scope keeps the slash that ends the resource, as samples do. */
async function authorize(resource: string): Promise<Record<string, string>> {
  const { access_token: token } = await readJson<{ access_token: string }>(
    `${authority}/organizations/oauth2/v2.0/token`,
    {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: clientId,
        username,
        password: process.env.PASSWORD ?? '',
        scope: `${resource}//user_impersonation`,
      }),
    },
  );
  return { authorization: `Bearer ${token}` };
}

interface Instance {
  ApiUrl: string;
  Url: string;
  Id: string;
  FriendlyName: string;
}

const { value: instances } = await readJson<{ value: Instance[] }>(
  `${discovery}/api/discovery/v2.0/Instances?$select=ApiUrl,Url,Id,FriendlyName`,
  { headers: await authorize(discovery) },
);
const environments: object[] = [];
for (const { Url: url, ApiUrl: apiUrl, Id: id, FriendlyName: name } of instances) {
  const whoAmI = await readJson<{ OrganizationId: string }>(`${apiUrl}/api/data/v9.2/WhoAmI`, {
    headers: await authorize(url),
  });
  environments.push({ name, url, isTheSame: whoAmI.OrganizationId === id });
}
process.stdout.write(`${JSON.stringify({ environments })}\n`);
