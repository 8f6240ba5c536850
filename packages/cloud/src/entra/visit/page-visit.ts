import type { FastifyReply, FastifyRequest } from 'fastify';
import type { User } from '../../directory/users.ts';
import { originOf } from '../../service-origins.ts';
import type { SignInFacts } from '../../sign-in-log/create-sign-in-log.ts';
import type { EntraContext } from '../entra-context.ts';
import { type RequestTrace, traceRequest } from '../errors/trace-request.ts';
import type { FormTarget } from '../pages/form-target.ts';
import {
  type BrowserAccount,
  endSession,
  findAccounts,
  forgetAccount,
  keepSession,
  keptSessionDays,
  type Session,
  startSession,
} from '../stored/sessions.ts';
import { readAccountKeys, writeAccountKeys } from './account-keys.ts';
import { entraCookies } from './entra-cookies.ts';
import type { Flow } from './flow.ts';
import { openFlow, sealFlow } from './seal-flow.ts';

/** An answer to "Stay signed in?". */
export type StayAnswer = 'stay' | 'leave';

/** A person's request to one of the pages: who they are so far, and the ways to change it. */
export interface PageVisit {
  context: EntraContext;
  /** The origin through which the browser came. */
  origin: string;
  /** The browser's network address. */
  ipAddress: string;
  trace: RequestTrace;
  /** The accounts that the browser knows, the signed-in ones first. */
  readonly accounts: readonly BrowserAccount[];
  /** The answer to "Stay signed in?" that the person did not want to be asked for again. */
  stayAnswer: StayAnswer | undefined;
  /** The session of an account that is signed in here; the request counts as that person's in the sign-in log. */
  sessionOf(userId: string | undefined): Session | undefined;
  /** Where a page's form goes, with the flow sealed for this browser. */
  target(step: string, flow: Flow): FormTarget;
  /** @throws EntraError 50089 when the form is not one that this browser was given */
  openFlow(sealed: string): Flow;
  /** Signs the person in, beside the browser's other accounts. */
  signIn(user: User): Session;
  /** "Stay signed in?" was answered with yes: the session outlives the browser. */
  keepSession(session: Session): void;
  /** "Don't show this again" was ticked beside the answer. */
  keepStayAnswer(answer: StayAnswer): void;
  /** Signs an account out; the browser remembers its name. */
  signOut(account: BrowserAccount): void;
  /** Signs an account out and forgets it. */
  forget(account: BrowserAccount): void;
}

const browserIdBytes = 16;

/** Reads the cookies of a request to a page, giving the browser its own id when it has none. */
export function readPageVisit(
  context: EntraContext,
  request: FastifyRequest,
  reply: FastifyReply,
): PageVisit {
  const cookies = entraCookies(request, reply);
  const knownBrowserId = cookies.read('browser');
  let madeBrowserId: string | undefined;
  const browserId = (): string => {
    if (knownBrowserId) return knownBrowserId;
    if (!madeBrowserId) {
      madeBrowserId = context.random.bytes(browserIdBytes).toString('base64url');
      cookies.write('browser', madeBrowserId);
    }
    return madeBrowserId;
  };

  let accounts: readonly BrowserAccount[] = findAccounts(context, readAccountKeys(cookies));
  const setAccounts = (changed: readonly BrowserAccount[]): void => {
    accounts = changed;
    writeAccountKeys(cookies, accounts);
  };
  const noteUser = (user: User): void => context.signIns.note(request, { user: user.userPrincipalName });
  const [only, ...others] = accounts.filter(({ session }) => session);
  if (only && others.length === 0) noteUser(only.user);

  const stayAnswer = cookies.read('stay');
  return {
    context,
    origin: originOf(context.addresses.entra, request),
    ipAddress: request.ip,
    trace: traceRequest(context, request),
    get accounts() {
      return accounts;
    },
    stayAnswer: stayAnswer === 'stay' || stayAnswer === 'leave' ? stayAnswer : undefined,
    sessionOf(userId) {
      const session = accounts.find(({ user }) => user.id === userId)?.session;
      if (session) noteUser(session.user);
      return session;
    },
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
      noteUser(user);
      const earlier = accounts.find((account) => account.user.id === user.id);
      const started = startSession(context, user, earlier);
      setAccounts([started, ...accounts.filter((account) => account !== earlier)]);
      return started.session;
    },
    keepSession(session) {
      keepSession(context, session);
      setAccounts(
        accounts.map((account) =>
          account.session?.id === session.id ? { ...account, isKept: true } : account,
        ),
      );
    },
    keepStayAnswer: (answer) => cookies.write('stay', answer, { days: keptSessionDays }),
    signOut(account) {
      endSession(context, account);
      setAccounts(accounts.map((known) => (known === account ? { ...known, session: undefined } : known)));
    },
    forget(account) {
      forgetAccount(context, account);
      setAccounts(accounts.filter((known) => known !== account));
    },
  };
}

/** What the sign-in log is told of a flow under way. */
function factsOf(flow: Flow): SignInFacts {
  if (flow.kind === 'device') return {};
  const parameters = new Map(flow.parameters);
  const [clientId, grant] = [parameters.get('client_id'), parameters.get('response_type')];
  return { ...(clientId !== undefined && { clientId }), ...(grant !== undefined && { grant }) };
}
