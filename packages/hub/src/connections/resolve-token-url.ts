import { isAuthority } from '../config/config.ts';
import { HubError } from '../errors/hub-error.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import type { TokenContext } from '../tokens/token-context.ts';

const probeTimeout = 5 * millisecondsPerSecond;
const field = 'tokenUrl';

export interface TypedTokenUrl {
  tokenUrl: string;
  endpointVersion: 'v1' | 'v2';
  /** The tenant that the address names, unless it means any. */
  tenantId: string | null;
}

/**
 * Takes a token URL that a person typed. It is Entra ID's, under any of its names, or an address that the hub's rule
 * for typed addresses lets through: https, and nothing inside the network. The rule looks at where a name leads, so
 * the address is called once, without anything secret.
 *
 * @throws HubError `invalid_body`, `address_not_allowed`, at the field `tokenUrl`
 */
export async function resolveTokenUrl(context: TokenContext, typed: string): Promise<TypedTokenUrl> {
  if (!URL.canParse(typed)) throw unusable('This is not a web address.');
  const url = new URL(typed);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw unusable('A token URL begins with https://.');
  if (url.username !== '' || url.password !== '') throw unusable('Leave the user name and password out.');
  // Parameters go into the body: an address ends up in logs.
  const tokenUrl = `${url.origin}${url.pathname}`;
  if (!isAuthority(context.config.cloud, url.origin)) {
    await assertReachable(context, tokenUrl);
    return { tokenUrl, endpointVersion: versionOf(url), tenantId: null };
  }
  const tenant = /^\/([^/]+)\/oauth2\/(?:v2\.0\/)?token\/?$/i.exec(url.pathname)?.[1];
  if (!tenant) {
    throw unusable(
      `A token URL of Microsoft Entra ID looks like ${url.origin}/{tenant}/oauth2/token or …/oauth2/v2.0/token.`,
    );
  }
  const isAnyTenant = /^(?:common|organizations|consumers)$/i.test(tenant);
  return { tokenUrl, endpointVersion: versionOf(url), tenantId: isAnyTenant ? null : tenant };
}

/** v1 takes `resource` and v2 `scope`; the address tells which. */
function versionOf(url: URL): 'v1' | 'v2' {
  return url.pathname.toLowerCase().includes('/v2.0/') ? 'v2' : 'v1';
}

async function assertReachable(context: TokenContext, tokenUrl: string): Promise<void> {
  try {
    await context.outbound.request(tokenUrl, { method: 'HEAD', timeoutMilliseconds: probeTimeout });
  } catch (error) {
    if (error instanceof OutboundError) return;
    if (error instanceof HubError) {
      const fields = [{ path: field, message: error.message }];
      throw new HubError(error.code, { ...error.options, detail: error.message, fields, cause: error });
    }
    throw error;
  }
}

function unusable(message: string): HubError {
  return new HubError('invalid_body', {
    detail: 'The token URL can’t be used.',
    fields: [{ path: field, message }],
  });
}
