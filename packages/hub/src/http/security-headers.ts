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

const oneYearSeconds = 365 * 24 * 60 * 60;

/** Headers of every answer; a page overrides the content policy. */
export function sendSecurityHeaders(app: HubApp, { config }: HubContext): void {
  const headers = {
    'content-security-policy': inertContent,
    'x-content-type-options': 'nosniff',
    // The callback's address carries a code; it must not go along as a referrer.
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(config.publicUrl.startsWith('https:') && {
      'strict-transport-security': `max-age=${oneYearSeconds}`,
    }),
  };
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
}
