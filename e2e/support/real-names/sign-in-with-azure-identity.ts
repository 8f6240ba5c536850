/**
 * A program on `@azure/identity` as its documentation shows it: no authority is given, so the library goes to
 * `login.microsoftonline.com`. Prints a JSON line for each thing that it has to tell.
 */
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  EnvironmentCredential,
  InteractiveBrowserCredential,
  OnBehalfOfCredential,
  type TokenCredential,
  UsernamePasswordCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';

const [kind = '', tenantId = '', clientId = ''] = process.argv.slice(2);
const {
  CERTIFICATE_FILE: certificatePath = '',
  CLIENT_ASSERTION: assertion = '',
  CLIENT_SECRET: clientSecret = '',
  PASSWORD: password = '',
  USER_ASSERTION: userAssertionToken = '',
  USER_NAME: userName = '',
} = process.env;
const scope = process.env.SCOPE ?? 'https://contoso.crm4.dynamics.com/.default';

const credentials: Readonly<Record<string, () => TokenCredential>> = {
  'client-assertion': () => new ClientAssertionCredential(tenantId, clientId, async () => assertion),
  'client-certificate': () => new ClientCertificateCredential(tenantId, clientId, certificatePath),
  'client-certificate-chain': () =>
    new ClientCertificateCredential(tenantId, clientId, certificatePath, { sendCertificateChain: true }),
  'client-secret': () => new ClientSecretCredential(tenantId, clientId, clientSecret),
  'device-code': () =>
    new DeviceCodeCredential({ tenantId, clientId, userPromptCallback: (prompt) => tell({ prompt }) }),
  environment: () => new EnvironmentCredential(),
  'interactive-browser': () => new InteractiveBrowserCredential({ tenantId, clientId }),
  'on-behalf-of': () => new OnBehalfOfCredential({ tenantId, clientId, clientSecret, userAssertionToken }),
  'username-password': () => new UsernamePasswordCredential(tenantId, clientId, userName, password),
  'workload-identity': () => new WorkloadIdentityCredential(),
};

function tell(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

try {
  const token = (await credentials[kind]?.().getToken(scope))?.token ?? '';
  const response = await fetch('https://contoso.api.crm4.dynamics.com/api/data/v9.2/WhoAmI', {
    headers: { authorization: `Bearer ${token}` },
  });
  tell({ token, status: response.status });
} catch (error) {
  if (!(error instanceof Error)) throw error;
  tell({ refusal: { name: error.name, message: error.message } });
}
