import { secondsPerDay } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import type { HubApp } from './hub-app.ts';

/** An API answer that a browser is made to show must do nothing there. */
const inertContent = "default-src 'none'; frame-ancestors 'none'";

/**
 * For the UI's pages. Mantine sets colours through style elements and attributes; scripts come from the hub alone.
 */
export const pageContentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const oneYearSeconds = 365 * secondsPerDay;

/** @returns the headers of every answer; a page overrides the content policy */
export function securityHeaders({ publicUrl }: { publicUrl: string }): Record<string, string> {
  return {
    'content-security-policy': inertContent,
    'x-content-type-options': 'nosniff',
    // The callback's address carries a code; it must not go along as a referrer.
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(publicUrl.startsWith('https:') && {
      'strict-transport-security': `max-age=${oneYearSeconds}`,
    }),
  };
}

/** Puts them, and the request id, on every answer that the router gives. */
export function sendSecurityHeaders(app: HubApp, { config }: HubContext): void {
  const headers = securityHeaders(config);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
}
