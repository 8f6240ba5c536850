/**
 * What command lines do beside Graph, by Microsoft's names: sign in as Azure CLI with `@azure/identity`, look for tenants
 * and subscriptions as `az login` does, consent for everybody as `az ad app permission admin-consent` does, and list
 * environments as Power Platform's tools do. Prints what it met as one JSON line.
 */
import { UsernamePasswordCredential } from '@azure/identity';

const [tenantId = '', appId = ''] = process.argv.slice(2);
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const { USER_NAME: userName = '', PASSWORD: password = '' } = process.env;
const credential = new UsernamePasswordCredential(tenantId, azureCli, userName, password);

async function call(method: string, url: string, scope: string) {
  const token = await credential.getToken(scope);
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token?.token}`, 'x-ms-client-request-id': crypto.randomUUID() },
  });
  const text = await response.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, body };
}

const armScope = 'https://management.core.windows.net//.default';
const tenants = await call('GET', 'https://management.azure.com/tenants?api-version=2022-12-01', armScope);
const subscriptions = await call(
  'GET',
  'https://management.azure.com/subscriptions?api-version=2022-12-01',
  armScope,
);
const consent = await call(
  'POST',
  `https://main.iam.ad.ext.azure.com/api/RegisteredApplications/${appId}/Consent?onBehalfOfAll=true`,
  '74658136-14ec-4630-ad9b-26e160ff0fc6/.default',
);
const environments = await call(
  'GET',
  'https://api.bap.microsoft.com/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments?api-version=2020-10-01',
  'https://service.powerapps.com//.default',
);
process.stdout.write(`${JSON.stringify({ tenants, subscriptions, consent, environments })}\n`);
