import type { FastifyReply } from 'fastify';
import type { HubConfig } from '../config/config.ts';
import { secondsPerHour } from '../ground/durations.ts';

export const sessionCookieName = 'latchkey_session';

export const sessionSeconds = 12 * secondsPerHour;

/** Lax: the person comes back from Microsoft's pages by a top-level navigation and is still signed in. */
function attributes(config: HubConfig) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: config.publicUrl.startsWith('https:'),
  } as const;
}

export function setSessionCookie(reply: FastifyReply, config: HubConfig, value: string): void {
  reply.setCookie(sessionCookieName, value, { ...attributes(config), maxAge: sessionSeconds });
}

export function clearSessionCookie(reply: FastifyReply, config: HubConfig): void {
  reply.clearCookie(sessionCookieName, attributes(config));
}
