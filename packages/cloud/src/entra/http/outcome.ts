import type { FastifyReply } from 'fastify';
import type { Random } from '../../random.ts';
import { contentSecurityPolicy, type Page, renderDocument } from './page.ts';

/** What a step of a sign-in decided to show or where it sends the browser. */
export type Outcome = { kind: 'page'; page: Page } | { kind: 'redirect'; location: string };

const nonceBytes = 16;
const ok = 200;
const found = 302;

export function showPage(page: Page): Outcome {
  return { kind: 'page', page };
}

/** Brings an outcome to the browser. */
export function sendOutcome(
  { random }: { random: Random },
  reply: FastifyReply,
  outcome: Outcome,
): FastifyReply {
  reply.headers({ 'cache-control': 'no-store, no-cache', pragma: 'no-cache' });
  if (outcome.kind === 'redirect') return reply.redirect(outcome.location, found);
  const nonce = random.bytes(nonceBytes).toString('base64');
  return reply
    .code(outcome.page.status ?? ok)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(nonce, outcome.page.frames),
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    .send(renderDocument(outcome.page, nonce));
}
