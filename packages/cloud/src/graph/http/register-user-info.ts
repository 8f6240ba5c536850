import type { FastifyInstance } from 'fastify';
import { presentUserInfo } from '../../jwt/present-user-info.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { authenticateCaller } from '../access/authenticate-caller.ts';
import { GraphError } from '../errors/graph-error.ts';

/** `/oidc/userinfo`, beside Graph's versions: who a v2 sign-in was (OpenID Connect Core §5.3), by GET or POST. */
export function registerUserInfo(app: FastifyInstance, context: TokenContext): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/oidc/userinfo',
    exposeHeadRoute: false,
    async handler(request) {
      const { authorization } = request.headers;
      authenticateCaller(context, authorization);
      const info = presentUserInfo(context, authorization);
      if (info) return info;
      // An app's own token stands for nobody.
      throw new GraphError(
        403,
        'Authorization_RequestDenied',
        'Insufficient privileges to complete the operation.',
      );
    },
  });
}
