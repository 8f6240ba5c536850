import type { FastifyInstance, FastifyRequest } from 'fastify';
import { presentUserInfo } from '../../jwt/present-user-info.ts';
import { originOf } from '../../service-origins.ts';
import { answerPreflight } from '../../web/allow-origin.ts';
import { parseQuery } from '../../web/parse-form.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { resolveTenant, type TenantScope } from '../tenants/resolve-tenant.ts';
import { presentInstances } from './present-instances.ts';
import { presentKeySet } from './present-key-set.ts';
import {
  presentOpenIdConfigurationV1,
  presentOpenIdConfigurationV2,
  type ReaderOrigins,
} from './present-openid-configuration.ts';
import { presentUserRealm } from './present-user-realm.ts';

type TenantRoute = { Params: { tenant: string } };

const documentPaths = [
  '/:tenant/.well-known/openid-configuration',
  '/:tenant/v2.0/.well-known/openid-configuration',
  '/:tenant/discovery/keys',
  '/:tenant/discovery/v2.0/keys',
  '/common/discovery/instance',
];
const unauthorized = 401;

/** Discovery documents, key sets, instance discovery, user realm and user info; readable from any web page. */
export function registerDiscoveryRoutes(app: FastifyInstance, context: EntraContext): void {
  const { addresses, directory, signingKeys } = context;
  const origin = (request: FastifyRequest): string => originOf(addresses.entra, request);
  const reader = (request: FastifyRequest): ReaderOrigins => ({
    origin: origin(request),
    graphOrigin: originOf(addresses.graph, request),
    localGraphHost: addresses.localGraphHost ?? false,
  });
  const describeV2 = (request: FastifyRequest<TenantRoute>) =>
    presentOpenIdConfigurationV2(reader(request), discoveredTenant(context, request));
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('access-control-allow-origin', '*');
    done();
  });

  app.get<TenantRoute>('/:tenant/.well-known/openid-configuration', { config: { version: 1 } }, (request) =>
    presentOpenIdConfigurationV1(reader(request), discoveredTenant(context, request)),
  );
  app.get<TenantRoute>('/:tenant/v2.0/.well-known/openid-configuration', describeV2);
  app.get<TenantRoute>('/:tenant/discovery/keys', { config: { version: 1 } }, (request) => {
    discoveredTenant(context, request);
    return presentKeySet(signingKeys);
  });
  app.get<TenantRoute>('/:tenant/discovery/v2.0/keys', (request) => {
    const { issuer } = describeV2(request);
    return presentKeySet(signingKeys, String(issuer));
  });
  app.get('/common/discovery/instance', (request) =>
    presentInstances(addresses.entra, origin(request), parseQuery(request.url)),
  );
  app.get<{ Params: { user: string } }>('/common/userrealm/:user', (request) =>
    presentUserRealm(directory, request.params.user, parseQuery(request.url).get('api-version')),
  );
  app.route<TenantRoute>({
    method: ['GET', 'POST'],
    url: '/:tenant/openid/userinfo',
    handler(request, reply) {
      const info = presentUserInfo(context, request.headers.authorization);
      if (info) return reply.send(info);
      return reply.code(unauthorized).header('www-authenticate', 'Bearer error="invalid_token"').send();
    },
  });
  // Web pages bring their token, or headers of their own, with these.
  answerPreflight(app, '/:tenant/openid/userinfo', 'GET, POST, OPTIONS');
  for (const path of documentPaths) answerPreflight(app, path, 'GET, OPTIONS');
}

/** @throws EntraError 90002, here with an OAuth error of its own */
function discoveredTenant(
  { directory }: Pick<EntraContext, 'directory'>,
  request: FastifyRequest<TenantRoute>,
): TenantScope {
  const { tenant } = request.params;
  try {
    return resolveTenant(directory, tenant);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    throw new EntraError(error.code, { tenant }, { error: 'invalid_tenant' });
  }
}
