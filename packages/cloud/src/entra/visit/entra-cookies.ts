import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** `session` and `kept` hold the keys of signed-in accounts, `browser` names the browser, `stay` an answer to keep. */
type CookieName = keyof typeof names;

const names = {
  session: 'ESTSAUTH',
  kept: 'ESTSAUTHPERSISTENT',
  browser: 'esctx',
  stay: 'kmsi',
} as const;

const secondsPerDay = 86_400;

/** Entra ID's cookies of one request. They live as long as the browser is open, unless written for some days. */
export function entraCookies(request: FastifyRequest, reply: FastifyReply) {
  const isSecure = 'encrypted' in request.raw.socket;
  // The cookies of localhost are shared by all its ports, and a Secure cookie can't be replaced over plain HTTP;
  // so the names differ (RFC 6265bis, "__Host-" prefix).
  const fullName = (name: CookieName) => `${isSecure ? '__Host-' : ''}${names[name]}`;
  // Single page apps sign in silently by a hidden frame, which stands on another site than they do; browsers send
  // cookies there that are `None`, and take that of secure ones alone (RFC 6265bis §5.6.7).
  const sameSite = isSecure ? 'none' : 'lax';
  const options = { path: '/', httpOnly: true, sameSite, secure: isSecure } as const;
  return {
    read: (name: CookieName): string | undefined => request.cookies[fullName(name)],
    write(name: CookieName, value: string, { days }: { days?: number } = {}): void {
      const maxAge = days === undefined ? {} : { maxAge: days * secondsPerDay };
      reply.setCookie(fullName(name), value, { ...options, ...maxAge });
    },
    clear(name: CookieName): void {
      reply.clearCookie(fullName(name), options);
    },
  };
}
