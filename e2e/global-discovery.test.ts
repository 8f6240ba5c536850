import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalCloud, seededPassword, startLocalCloud } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runClient } from './support/run-client.ts';

const clientId = '7a1c0000-0000-4000-8000-000000000010';
const ada = 'ada@fabrikam.onmicrosoft.com';
const program = new URL('./support/real-names/discover-environments.ts', import.meta.url);
let folder: string;
let cloud: LocalCloud;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-discovery-'));
  cloud = await startLocalCloud({
    dataFolder: folder,
    seed: {
      tenants: [
        {
          displayName: 'Fabrikam',
          domains: ['fabrikam.onmicrosoft.com'],
          users: [{ userPrincipalName: ada, licences: ['dynamics-365-sales'] }],
          applications: [
            {
              displayName: 'Environment picker',
              appId: clientId,
              publicClientFlows: true,
              manifest: { signInAudience: 'AzureADMultipleOrgs' },
              grants: [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }],
            },
          ],
          environments: [
            { urlName: 'fabrikam' },
            { urlName: 'fabrikam-test', friendlyName: 'Fabrikam Test', regionHost: 'crm.dynamics.com' },
            { urlName: 'fabrikam-gov', friendlyName: 'Fabrikam Gov', regionHost: 'crm.microsoftdynamics.us' },
          ],
        },
      ],
    },
  });
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

function discover(environment: { DISCOVERY: string; AUTHORITY: string }) {
  return runClient(program, {
    words: [clientId, ada],
    environment: {
      HTTPS_PROXY: cloud.proxy,
      NO_PROXY: 'localhost',
      NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
      NODE_USE_ENV_PROXY: '1',
      PASSWORD: seededPassword,
      ...environment,
    },
  });
}

it('tells a person of the environments of the commercial cloud, by Microsoft’s names', async () => {
  const { environments } = await discover({
    DISCOVERY: 'https://globaldisco.crm.dynamics.com',
    AUTHORITY: 'https://login.microsoftonline.com',
  });
  expect(environments).toEqual([
    { name: 'Fabrikam', url: 'https://fabrikam.crm4.dynamics.com', isTheSame: true },
    { name: 'Fabrikam Test', url: 'https://fabrikam-test.crm.dynamics.com', isTheSame: true },
  ]);
});

it('tells of those of the US Government’s cloud at its own names', async () => {
  const { environments } = await discover({
    DISCOVERY: 'https://globaldisco.crm.microsoftdynamics.us',
    AUTHORITY: 'https://login.microsoftonline.us',
  });
  expect(environments).toEqual([
    { name: 'Fabrikam Gov', url: 'https://fabrikam-gov.crm.microsoftdynamics.us', isTheSame: true },
  ]);
});

it('tells of all of them on this machine’s ports', async () => {
  const [, fabrikam, ...others] = cloud.environments;
  const { environments } = await discover({
    DISCOVERY: fabrikam?.http ?? '',
    AUTHORITY: cloud.entra.http,
  });
  const expected = [fabrikam, ...others].map((environment) => ({
    name: environment?.friendlyName,
    url: environment?.http,
    isTheSame: true,
  }));
  expect(environments).toEqual(expected);
});
