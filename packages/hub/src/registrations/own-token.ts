import { clientCredentialsGrant } from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { entraEndpoints } from '../token-endpoint/entra-endpoints.ts';
import { readTokenFacts } from '../token-endpoint/read-token-facts.ts';
import { requestToken } from '../token-endpoint/request-token.ts';
import type { RegistrationCredentials } from '../tokens/registration-credentials.ts';
import { createGraphClient, type GraphClient } from './graph-client.ts';

/** What an application proves itself with. */
export type AppCredentials = Pick<RegistrationCredentials, 'tenantId' | 'clientId' | 'credential'>;

/** A token of the application itself for Microsoft Graph. That there is one proves tenant, client id and credential. */
export interface OwnToken {
  accessToken: string;
  /** The application permissions that it carries (`roles`). */
  permissions: readonly string[];
}

/** Microsoft Graph as the application itself, and what it may do there. */
export interface OwnGraph {
  graph: GraphClient;
  /** It may read its own application. */
  mayRead: boolean;
  /** It may change its own secrets, where it is an owner of itself. */
  mayRotate: boolean;
}

const writers: ReadonlySet<string> = new Set(['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All']);
const readers: ReadonlySet<string> = new Set([
  ...writers,
  'Application.Read.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
]);

/**
 * Asks for a token of the application itself. It is for Microsoft Graph, since no environment is known; no permission is
 * needed to be given one.
 *
 * @throws HubError with Microsoft's refusal: AADSTS7000215, AADSTS7000222, AADSTS700016, AADSTS90002, …
 */
export async function requestOwnToken(
  context: ProviderContext,
  { tenantId, clientId, credential }: AppCredentials,
): Promise<OwnToken> {
  const { authority, graph } = context.config.cloud;
  const client = { ...entraEndpoints(authority, tenantId, 'v2'), clientId, credential };
  const outcome = await requestToken(context, client, 'client_credentials', (configuration) =>
    clientCredentialsGrant(configuration, { scope: `${graph}/.default` }),
  );
  if (!outcome.ok) throw outcome.failure;
  const { accessToken } = outcome.answer;
  const facts = readTokenFacts(accessToken);
  if (facts?.clientId && facts.clientId !== clientId) {
    throw new HubError('token_endpoint_nonsense', {
      detail: `The token is for the application ${facts.clientId}, not for ${clientId}.`,
    });
  }
  return { accessToken, permissions: facts?.roles ?? [] };
}

/** @returns Microsoft Graph by such a token */
export function ownGraph(context: ProviderContext, { accessToken, permissions }: OwnToken): OwnGraph {
  return {
    graph: createGraphClient(context, accessToken),
    mayRead: permissions.some((permission) => readers.has(permission)),
    mayRotate: permissions.some((permission) => writers.has(permission)),
  };
}
