/**
 * A program on `@azure/identity` as its documentation shows it: no authority is given, so the library goes to
 * `login.microsoftonline.com`. Prints a JSON line for each thing that it has to tell.
 */
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  type TokenCredential,
} from '@azure/identity';

const [kind, tenantId = '', clientId = ''] = process.argv.slice(2);
const scope = 'https://contoso.crm4.dynamics.com/.default';

function tell(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

function createCredential(): TokenCredential {
  switch (kind) {
    case 'device-code':
      return new DeviceCodeCredential({
        tenantId,
        clientId,
        userPromptCallback: (prompt) => tell({ prompt }),
      });
    case 'client-certificate':
      return new ClientCertificateCredential(tenantId, clientId, process.env.CERTIFICATE_FILE ?? '');
    default:
      return new ClientSecretCredential(tenantId, clientId, process.env.CLIENT_SECRET ?? '');
  }
}

const token = (await createCredential().getToken(scope))?.token ?? '';
const response = await fetch('https://contoso.api.crm4.dynamics.com/api/data/v9.2/WhoAmI', {
  headers: { authorization: `Bearer ${token}` },
});
tell({ token, status: response.status });
