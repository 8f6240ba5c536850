import type { CreateConnection } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import type { ClientCredential } from '../token-endpoint/client-credential.ts';
import { registrationCredentials } from '../tokens/registration-credentials.ts';
import type { TokensToSeal } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { type OwnCredential, readOwnCredential } from './own-credential.ts';
import { readTypedTokens } from './read-typed-tokens.ts';
import { resolveTokenUrl } from './resolve-token-url.ts';

/** What a connection is to be saved with, whatever the method. */
export interface ConnectionSettings {
  clientId: string;
  /** The connection's own; null when there is none or the registration has it. */
  credential: OwnCredential | null;
  registrationId: string | null;
  endpointVersion: 'v1' | 'v2';
  /** Only one that was typed; else it follows from the tenant. */
  tokenUrl: string | null;
  /** The tenant that what was typed names. */
  tenantId: string | null;
  /** The registration's tenant: taken only if the environment does not tell its own. */
  fallbackTenantId: string | null;
  tokens: TokensToSeal | null;
  /** Who the typed access token says it is of. */
  user: string | null;
}

type Input<Method extends CreateConnection['method']> = Extract<CreateConnection, { method: Method }>;

/** @throws HubError `invalid_body`, `address_not_allowed`, `registration_not_found`, `registration_not_ready` */
export async function resolveSettings(
  context: TokenContext,
  input: CreateConnection,
): Promise<ConnectionSettings> {
  if (input.method === 'manual') return resolveManual(context, input);
  const application = await resolveApplication(context, input);
  const endpointVersion = input.method === 'sign_in' ? (input.endpointVersion ?? 'v2') : 'v2';
  return { ...application, endpointVersion, tokenUrl: null, tenantId: null, tokens: null, user: null };
}

async function resolveApplication(
  context: TokenContext,
  input: Input<'sign_in' | 'client_credentials'>,
): Promise<Pick<ConnectionSettings, 'clientId' | 'credential' | 'registrationId' | 'fallbackTenantId'>> {
  const { registrationId = null, clientId } = input;
  const credential = readOwnCredential(input);
  if (registrationId !== null) {
    if (clientId !== undefined)
      throw missing('clientId', 'Give either a registration or a client id, not both.');
    const registered = await registrationCredentials(context, registrationId);
    assertCredential(input, credential ?? registered.credential);
    const { clientId: registeredId, tenantId: fallbackTenantId } = registered;
    return { clientId: registeredId, credential, registrationId, fallbackTenantId };
  }
  if (clientId === undefined)
    throw missing('clientId', 'Give the application (client) id, or a registration.');
  assertCredential(input, credential ?? { kind: 'none' });
  return { clientId, credential, registrationId, fallbackTenantId: null };
}

function assertCredential(
  { method }: Input<'sign_in' | 'client_credentials'>,
  { kind }: Pick<ClientCredential, 'kind'>,
): void {
  if (method === 'client_credentials' && kind === 'none') {
    throw missing(
      'clientSecret',
      'An application that signs in as itself needs its client secret, or a certificate.',
    );
  }
}

async function resolveManual(context: TokenContext, input: Input<'manual'>): Promise<ConnectionSettings> {
  const { clientId } = input;
  const { accessToken, refreshToken, facts } = readTypedTokens(input);
  const typed = input.tokenUrl === undefined ? null : await resolveTokenUrl(context, input.tokenUrl);
  return {
    clientId,
    credential: readOwnCredential(input),
    registrationId: null,
    endpointVersion: typed?.endpointVersion ?? 'v2',
    tokenUrl: typed?.tokenUrl ?? null,
    tenantId: typed?.tenantId ?? null,
    fallbackTenantId: facts?.tenantId ?? null,
    tokens: { accessToken, refreshToken, expiresInSeconds: null },
    user: facts?.user ?? null,
  };
}

function missing(path: string, message: string): HubError {
  return new HubError('invalid_body', { fields: [{ path, message }] });
}
