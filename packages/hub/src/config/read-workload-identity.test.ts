import { expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';

const github = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example/token?api-version=2',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'the~request~token',
};
const appService = {
  IDENTITY_ENDPOINT: 'http://127.0.0.1:41000/msi/token',
  IDENTITY_HEADER: 'the~header',
};

it.each([
  ['none', {}, null],
  [
    'a file',
    { LATCHKEY_WORKLOAD_IDENTITY: 'file', AZURE_FEDERATED_TOKEN_FILE: '/var/run/token' },
    { kind: 'file', file: '/var/run/token' },
  ],
  [
    'GitHub',
    { LATCHKEY_WORKLOAD_IDENTITY: 'github', ...github },
    {
      kind: 'github',
      requestUrl: github.ACTIONS_ID_TOKEN_REQUEST_URL,
      requestToken: github.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    },
  ],
  [
    'App Service',
    { LATCHKEY_WORKLOAD_IDENTITY: 'azure', ...appService, AZURE_CLIENT_ID: 'user-assigned' },
    {
      kind: 'azure',
      endpoint: appService.IDENTITY_ENDPOINT,
      header: appService.IDENTITY_HEADER,
      clientId: 'user-assigned',
    },
  ],
  [
    'a virtual machine',
    { LATCHKEY_WORKLOAD_IDENTITY: 'azure' },
    {
      kind: 'azure',
      endpoint: 'http://169.254.169.254/metadata/identity/oauth2/token',
      header: null,
      clientId: null,
    },
  ],
  ['none where only the platform’s own variables are set', { ...github, ...appService }, null],
])('reads an identity of %s', (_what, environment, expected) => {
  expect(loadConfig(environment).workloadIdentity).toEqual(expected);
});

it.each([
  ['a kind that is none', { LATCHKEY_WORKLOAD_IDENTITY: 'kubernetes' }, 'LATCHKEY_WORKLOAD_IDENTITY'],
  ['a file that is not named', { LATCHKEY_WORKLOAD_IDENTITY: 'file' }, 'AZURE_FEDERATED_TOKEN_FILE'],
  [
    'GitHub without its token',
    { LATCHKEY_WORKLOAD_IDENTITY: 'github', ...github, ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  ],
  [
    'App Service without its header',
    { LATCHKEY_WORKLOAD_IDENTITY: 'azure', IDENTITY_ENDPOINT: appService.IDENTITY_ENDPOINT },
    'IDENTITY_HEADER',
  ],
  [
    'an endpoint that is no address',
    { LATCHKEY_WORKLOAD_IDENTITY: 'azure', ...appService, IDENTITY_ENDPOINT: 'secret~text' },
    'IDENTITY_ENDPOINT',
  ],
])('refuses %s, and repeats no value', (_what, environment, variable) => {
  let message = '';
  try {
    loadConfig(environment);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain(variable);
  for (const secret of ['the~request~token', 'the~header', 'secret~text']) {
    expect(message).not.toContain(secret);
  }
});
