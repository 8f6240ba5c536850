import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { HubConfig } from '../config/config.ts';
import type { WorkloadIdentityConfig } from '../config/read-workload-identity.ts';
import { HubError } from '../errors/hub-error.ts';
import { ok } from '../ground/http-status.ts';
import { parseJson } from '../ground/read-json.ts';
import { createOutboundHttp, type OutboundOptions } from '../outbound/create-outbound-http.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import { rememberToken } from './remember-token.ts';
import type { WorkloadIdentity } from './workload-identity.ts';

/** By the cloud that is asked ("Workload identity federation", important considerations). */
const audiences: Readonly<Record<HubConfig['cloud']['name'], string>> = {
  global: 'api://AzureADTokenExchange',
  usgov: 'api://AzureADTokenExchangeUSGov',
  'usgov-dod': 'api://AzureADTokenExchangeUSGov',
  china: 'api://AzureADTokenExchangeChina',
  local: 'api://AzureADTokenExchange',
};

const githubAnswer = z.object({ value: z.string().min(1) });
const azureAnswer = z.object({ access_token: z.string().min(1) });
const appServiceVersion = '2019-08-01';
const instanceMetadataVersion = '2018-02-01';
const none = { https: null, http: null, direct: [], unknownDirect: [] };

/** @returns the hub's identity on its platform; null where none is configured */
export function openWorkloadIdentity({
  config,
  ...parts
}: Omit<OutboundOptions, 'config'> & { config: HubConfig }): WorkloadIdentity | null {
  const { workloadIdentity: identity } = config;
  if (identity === null) return null;
  if (identity.kind === 'file') {
    return { kind: 'file', readToken: () => readTokenFile(identity.file), close: async () => {} };
  }
  const { request, shape } = tokenRequest(identity, audiences[config.cloud.name]);
  // A way out of its own, which leads to this one address besides the public ones; typed addresses never take it. What a
  // virtual machine's metadata service tells is for the machine alone, and no proxy reaches it.
  const outbound = createOutboundHttp({
    ...parts,
    config: {
      ...config,
      allowedPrivateOrigins: [new URL(request.url).origin],
      ...(identity.kind === 'azure' && { proxies: none }),
    },
  });
  const fetchToken = async () => {
    try {
      const { url, headers } = request;
      const answer = await outbound.request(url, { method: 'GET', headers });
      const read = shape.safeParse(answer.status === ok ? parseJson(answer.body) : null);
      if (read.success) return read.data;
      throw unavailable(`The platform’s token service answered with HTTP ${answer.status} and no token.`);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      throw unavailable(`The platform’s token service gave no whole answer: ${error.message}`, error);
    }
  };
  return { kind: identity.kind, readToken: rememberToken(fetchToken), close: () => outbound.close() };
}

type Requested = Exclude<WorkloadIdentityConfig, { kind: 'file' }>;

function tokenRequest(identity: Requested, audience: string) {
  if (identity.kind === 'github') {
    // "Using OpenID Connect with your cloud provider", GitHub: the address has a query already.
    const url = new URL(identity.requestUrl);
    url.searchParams.set('audience', audience);
    return {
      request: { url: url.href, headers: { authorization: `Bearer ${identity.requestToken}` } },
      shape: githubAnswer.transform(({ value }) => value),
    };
  }
  const { header, clientId } = identity;
  const url = new URL(identity.endpoint);
  url.searchParams.set('api-version', header === null ? instanceMetadataVersion : appServiceVersion);
  url.searchParams.set('resource', audience);
  if (clientId !== null) url.searchParams.set('client_id', clientId);
  return {
    request: {
      url: url.href,
      headers: header === null ? { metadata: 'true' } : { 'x-identity-header': header },
    },
    shape: azureAnswer.transform((answer) => answer.access_token),
  };
}

/** Read anew each time: the platform puts another token there before the old one ends. */
async function readTokenFile(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw unavailable(`The token file can’t be read${reason}: ${file}`, error);
  }
  const token = text.trim();
  if (token === '') throw unavailable(`The token file is empty: ${file}`);
  return token;
}

function unavailable(detail: string, cause?: unknown): HubError {
  return new HubError('workload_token_unavailable', { detail, cause });
}
