/**
 * A program on `@azure/msal-node` as its documentation shows it: the authority is Microsoft's, and nothing else is
 * said. Prints a JSON line for each thing that it has to tell.
 */
import { ConfidentialClientApplication, PublicClientApplication } from '@azure/msal-node';

const [kind, authority = '', clientId = ''] = process.argv.slice(2);
const environment = 'https://contoso.crm4.dynamics.com';
const scopes = [`${environment}/.default`];

function tell(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

function signIn() {
  if (kind === 'client-secret') {
    const auth = { clientId, authority, clientSecret: process.env.CLIENT_SECRET ?? '' };
    return new ConfidentialClientApplication({ auth }).acquireTokenByClientCredential({
      scopes,
      ...(process.env.REGION && { azureRegion: process.env.REGION }),
    });
  }
  const client = new PublicClientApplication({ auth: { clientId, authority } });
  return client.acquireTokenByUsernamePassword({
    scopes,
    username: process.env.USER_NAME ?? '',
    password: process.env.PASSWORD ?? '',
  });
}

const tokens = await signIn();
const response = await fetch(`${environment}/api/data/v9.2/WhoAmI`, {
  headers: { authorization: `Bearer ${tokens?.accessToken}` },
});
const { accessToken: token, idTokenClaims } = tokens ?? {};
tell({ token, idTokenClaims, status: response.status });
