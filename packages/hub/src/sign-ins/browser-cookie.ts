import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HubConfig } from '../config/config.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { signInLifeMilliseconds } from './create-sign-in-link.ts';

const browserCookieName = 'latchkey_authorization';

/** As `createSecret` makes them. */
const secretPattern = /^[\w-]{43}$/;

/** @returns the secret that binds a sign-in to the browser; undefined when it sent none, or something else */
export function readBrowserCookie(request: FastifyRequest): string | undefined {
  const value = request.cookies[browserCookieName];
  return value !== undefined && secretPattern.test(value) ? value : undefined;
}

/** Lax: Microsoft sends the browser back by a top-level navigation, and the cookie has to come with it. */
export function setBrowserCookie(reply: FastifyReply, { publicUrl }: HubConfig, value: string): void {
  reply.setCookie(browserCookieName, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: signInLifeMilliseconds / millisecondsPerSecond,
  });
}
