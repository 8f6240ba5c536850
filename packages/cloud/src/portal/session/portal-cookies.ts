import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

type CookieName = 'session' | 'signIn';

const names: Record<CookieName, string> = { session: 'portal', signIn: 'portal-sign-in' };

/**
 * The portal's cookies of one request. Those of localhost are shared by all its ports, and a Secure cookie can't be
 * replaced over plain HTTP; so the names differ (RFC 6265bis, "__Host-" prefix).
 */
export function portalCookies(request: FastifyRequest, reply: FastifyReply) {
  const isSecure = 'encrypted' in request.raw.socket;
  const fullName = (name: CookieName) => `${isSecure ? '__Host-' : ''}${names[name]}`;
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure } as const;
  return {
    isSecure,
    read: (name: CookieName): string | undefined => request.cookies[fullName(name)],
    write: (name: CookieName, value: string): void => {
      reply.setCookie(fullName(name), value, options);
    },
    clear: (name: CookieName): void => {
      reply.clearCookie(fullName(name), options);
    },
  };
}
