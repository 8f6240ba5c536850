/**
 * A program on `@azure/identity` as its documentation shows it: no authority is given, so the library goes to
 * `login.microsoftonline.com`. Prints a JSON line for each thing that it has to tell.
 */
import { ClientSecretCredential, DeviceCodeCredential } from '@azure/identity';

const [kind, tenantId = '', clientId = ''] = process.argv.slice(2);
const scope = 'https://contoso.crm4.dynamics.com/.default';

function tell(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

const credential =
  kind === 'device-code'
    ? new DeviceCodeCredential({ tenantId, clientId, userPromptCallback: (prompt) => tell({ prompt }) })
    : new ClientSecretCredential(tenantId, clientId, process.env.CLIENT_SECRET ?? '');
const { token } = await credential.getToken(scope);
const response = await fetch('https://contoso.api.crm4.dynamics.com/api/data/v9.2/WhoAmI', {
  headers: { authorization: `Bearer ${token}` },
});
tell({ token, status: response.status });
