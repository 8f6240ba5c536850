import type { FastifyInstance } from 'fastify';

/** Which methods an address takes; empty when there is nothing at it. */
export type KnownMethods = (path: string) => string[];

/** Notes the methods of every route that is added from now on, to tell a wrong method from a wrong address. */
export function noteMethods(app: FastifyInstance): KnownMethods {
  const routes: { pattern: RegExp; method: string }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`, 'i');
    routes.push(...[method].flat().map((name) => ({ pattern, method: name })));
  });
  return (path) => [
    ...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
  ];
}
