import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HubError } from '../errors/hub-error.ts';
import { hubErrors } from '../errors/hub-error-table.ts';
import { seeOther } from '../ground/http-status.ts';
import { readConsentAnswer } from '../http/admin-consent.ts';
import { readBrowserCookie } from './browser-cookie.ts';
import { finishSignIn } from './finish-sign-in.ts';
import { signInProblemPage, signInProblemPolicy } from './sign-in-problem-page.ts';
import type { SignInContext } from './sign-in-subject.ts';

/** @returns whether a request is the way back from Microsoft; for the hub's root, which is a redirect URI, too */
export function isCallback(request: FastifyRequest): boolean {
  const query = queryOf(request);
  const carriesAnswer = query.has('state') && (query.has('code') || query.has('error'));
  if (readConsentAnswer(query)) return request.method === 'GET';
  return request.method === 'GET' && carriesAnswer;
}

/** Answers the browser that comes back from Microsoft: on to the UI, or a page with what is wrong. */
export async function answerCallback(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const consent = readConsentAnswer(queryOf(request));
  if (consent) {
    const outcome = consent.isRefused ? 'refused' : 'granted';
    return reply.redirect(`${context.config.publicUrl}${consent.path}?consent=${outcome}`, seeOther);
  }
  const end = await finishSignIn(context, queryOf(request), readBrowserCookie(request));
  reply.header('cache-control', 'no-store');
  if (end.kind === 'redirect') return reply.redirect(end.url, seeOther);
  return answerProblem(request, reply, end.error, end.backUrl);
}

/** A page for a browser; for a program the problem itself. */
export function answerProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: HubError,
  backUrl: string,
): FastifyReply {
  const { accept = '' } = request.headers;
  if (accept.includes('json') && !accept.includes('text/html')) throw error;
  return reply
    .code(hubErrors[error.code].status)
    .headers({ 'cache-control': 'no-store', 'content-security-policy': signInProblemPolicy })
    .type('text/html; charset=utf-8')
    .send(signInProblemPage(error, backUrl));
}

/** The parameters as they came; a repeated one stays repeated. */
function queryOf({ url }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start));
}
