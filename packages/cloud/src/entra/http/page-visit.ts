import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../../cloud-context.ts';
import type { User } from '../../directory/users.ts';
import type { SignInFacts } from '../../sign-in-log/create-sign-in-log.ts';
import type { EntraContext } from '../entra-context.ts';
import { type RequestTrace, traceRequest } from '../errors/trace-request.ts';
import type { FormTarget } from '../pages/sign-in-pages.ts';
import type { Flow } from '../sign-in/flow.ts';
import { openFlow, sealFlow } from '../sign-in/seal-flow.ts';
import {
  endSession,
  findSession,
  keepSession,
  keptSessionDays,
  type Session,
  startSession,
} from '../sign-in/sessions.ts';

/** A person's request to one of the pages: who they are so far, and the ways to change it. */
export interface PageVisit {
  context: EntraContext;
  /** The origin through which the browser came. */
  origin: string;
  /** The browser's network address. */
  ipAddress: string;
  trace: RequestTrace;
  session: Session | undefined;
  /** Where a page's form goes, with the flow sealed for this browser. */
  target(step: string, flow: Flow): FormTarget;
  /** @throws EntraError 50089 when the form is not one that this browser was given */
  openFlow(sealed: string): Flow;
  /** Signs the person in: any earlier session of the browser ends. */
  signIn(user: User): Session;
  /** "Stay signed in?" was answered with yes: the session outlives the browser. */
  keepSession(session: Session): void;
  signOut(): void;
}

const browserIdBytes = 16;
const secondsPerDay = 86_400;

/** Reads the cookies of a request to a page, giving the browser its own id when it has none. */
export function readPageVisit(
  context: EntraContext,
  request: FastifyRequest,
  reply: FastifyReply,
): PageVisit {
  const isSecure = 'encrypted' in request.raw.socket;
  // The cookies of localhost are shared by all its ports, and a Secure cookie can't be replaced over plain HTTP;
  // so the names differ (RFC 6265bis, "__Host-" prefix).
  const prefix = isSecure ? '__Host-' : '';
  const sessionCookie = `${prefix}ESTSAUTH`;
  const browserCookie = `${prefix}esctx`;
  // Single page apps sign in silently by a hidden frame, which stands on another site than they do; browsers send
  // cookies there that are `None`, and take that of secure ones alone (RFC 6265bis §5.6.7).
  const sameSite = isSecure ? 'none' : 'lax';
  const cookieOptions = { path: '/', httpOnly: true, sameSite, secure: isSecure } as const;

  const knownBrowserId = request.cookies[browserCookie];
  let madeBrowserId: string | undefined;
  const browserId = (): string => {
    if (knownBrowserId) return knownBrowserId;
    if (!madeBrowserId) {
      madeBrowserId = context.random.bytes(browserIdBytes).toString('base64url');
      reply.setCookie(browserCookie, madeBrowserId, cookieOptions);
    }
    return madeBrowserId;
  };
  const givenSession = request.cookies[sessionCookie];
  const knownSession = findSession(context, givenSession);
  if (knownSession) context.signIns.note(request, { user: knownSession.user.userPrincipalName });

  return {
    context,
    origin: originOf(context.addresses.entra, request),
    ipAddress: request.ip,
    trace: traceRequest(context, request),
    session: knownSession,
    target: (step, flow) => ({
      action: `/${encodeURIComponent(flow.tenant)}/${step}`,
      flow: sealFlow(context, flow, browserId()),
    }),
    openFlow(sealed) {
      const flow = openFlow(context, sealed, knownBrowserId);
      context.signIns.note(request, factsOf(flow));
      return flow;
    },
    signIn(user) {
      context.signIns.note(request, { user: user.userPrincipalName });
      endSession(context, givenSession);
      const { cookie, session } = startSession(context, user);
      reply.setCookie(sessionCookie, cookie, cookieOptions);
      return session;
    },
    keepSession(session) {
      keepSession(context, session);
      if (!givenSession) return;
      reply.setCookie(sessionCookie, givenSession, {
        ...cookieOptions,
        maxAge: keptSessionDays * secondsPerDay,
      });
    },
    signOut() {
      endSession(context, givenSession);
      reply.clearCookie(sessionCookie, cookieOptions);
    },
  };
}

/** What the sign-in log is told of a flow under way. */
function factsOf(flow: Flow): SignInFacts {
  if (flow.kind === 'device') return {};
  const parameters = new Map(flow.parameters);
  return { clientId: parameters.get('client_id'), grant: parameters.get('response_type') };
}
