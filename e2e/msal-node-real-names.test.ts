import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededApps, seedForMsalNode } from './support/msal-node-seed.ts';
import { runClient } from './support/run-client.ts';

const program = new URL('./support/real-names/sign-in-with-msal-node.ts', import.meta.url);
const { desktop, web } = seededApps;
let folder: string;
let cloud: LocalCloud;
/** What `latchkey cloud env` prints, and what the program is told of its own. */
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-real-names-'));
  cloud = await startLocalCloud({ dataFolder: folder, seed: seedForMsalNode() });
  environment = {
    HTTPS_PROXY: cloud.proxy,
    NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
    NODE_USE_ENV_PROXY: '1',
    CLIENT_SECRET: web.secrets[0].value,
    USER_NAME: seededUsers.salesperson,
    PASSWORD: seededPassword,
  };
});
afterAll(async () => {
  await cloud?.close();
  await rm(folder, { recursive: true });
});

it.each([
  'https://login.microsoftonline.com',
  'https://login.microsoftonline.us',
  'https://login.partner.microsoftonline.cn',
])('lets @azure/msal-node sign a person in at %s', async (origin) => {
  const met = await runClient(program, {
    words: ['password', `${origin}/contoso.onmicrosoft.com`, desktop.appId],
    environment,
  });
  expect(met).toMatchObject({
    status: 200,
    idTokenClaims: {
      iss: expect.stringMatching(`^${origin}/[0-9a-f-]{36}/v2\\.0$`),
      preferred_username: seededUsers.salesperson,
    },
  });
});

it('lets @azure/msal-node get an app’s own token in a region', async () => {
  const met = await runClient(program, {
    words: ['client-secret', 'https://login.microsoftonline.com/contoso.onmicrosoft.com', web.appId],
    environment: { ...environment, REGION: 'westus2' },
  });
  expect(met.token).toMatch(/^ey/);
});

it('lets @azure/msal-node get an app’s own token at an older name of the sign-in service', async () => {
  const met = await runClient(program, {
    words: ['client-secret', 'https://login.windows.net/contoso.onmicrosoft.com', web.appId],
    environment,
  });
  expect(met.token).toMatch(/^ey/);
  // Nobody has made it a user of the environment.
  expect(met.status).toBe(403);
});
