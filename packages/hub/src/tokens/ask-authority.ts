import { HubError } from '../errors/hub-error.ts';
import { hubItself, recordEvent } from '../events/record-event.ts';
import { toIso } from '../ground/clock.ts';
import { firstServerError } from '../ground/http-status.ts';
import type { AuthorityVerdict } from '../token-endpoint/authority-breaker.ts';
import type { TokenOutcome } from '../token-endpoint/request-token.ts';
import type { TokenContext } from './token-context.ts';

/** A request for a connection's tokens. */
interface AuthorityRequest {
  connectionId: string;
  /** Of the token endpoint. */
  origin: string;
  /** A person waits for it: it is sent though the authority counts as away. */
  forced: boolean;
  send: () => Promise<TokenOutcome>;
}

/**
 * Asks an authority for tokens, unless it is known to be away: then one request at a time finds out whether it is back,
 * and the rest is told when to come again. That it is away, and that it is back, is told once.
 */
export async function askAuthority(
  context: TokenContext,
  { connectionId, origin, forced, send }: AuthorityRequest,
): Promise<TokenOutcome> {
  const breaker = context.authorityBreakers.of(origin);
  const since = breaker.awaySince();
  const visit = await breaker.enter(connectionId, forced);
  if ('waitMilliseconds' in visit) {
    const detail = `${origin} has not answered since ${toIso(since ?? context.clock.now())}; the hub asks it now and then until it does.`;
    return {
      ok: false,
      failure: new HubError('token_endpoint_unavailable', { detail }),
      retryAfterMilliseconds: visit.waitMilliseconds,
      isKeptBack: true,
    };
  }
  let outcome: TokenOutcome | null = null;
  try {
    outcome = await send();
    return outcome;
  } finally {
    // Counts at once; nobody waits until the other processes know.
    context.background.start('tell of an authority', async () => {
      const news = await visit.end(outcome === null ? 'unknown' : verdictOf(outcome));
      if (news === 'away' && outcome?.ok === false) await tellAway(context, origin, outcome.failure);
      if (news === 'back') await tellBack(context, origin, since);
    });
  }
}

/** A refusal is an answer, also one that asks for patience; what came from a page in between says nothing. */
function verdictOf(outcome: TokenOutcome): AuthorityVerdict {
  if (outcome.ok) return 'answered';
  const { code, options } = outcome.failure;
  const { remote } = options;
  if (!remote) return 'unknown';
  if (remote.system === 'network' || (remote.httpStatus ?? 0) >= firstServerError) return 'away';
  return code === 'token_endpoint_nonsense' ? 'unknown' : 'answered';
}

async function tellAway(context: TokenContext, origin: string, failure: HubError): Promise<void> {
  context.log.warn(
    { authority: origin, code: failure.code, detail: failure.message },
    'the authority is away',
  );
  await tell(context, 'authority_away', `${origin} does not answer; token requests are kept back.`, failure);
}

async function tellBack(context: TokenContext, origin: string, since: number | null): Promise<void> {
  const seconds = since === null ? 0 : Math.round((context.clock.now() - since) / 1000);
  context.log.info({ authority: origin, awaySeconds: seconds }, 'the authority is back');
  await tell(context, 'authority_back', `${origin} answers again, after ${seconds} s.`);
}

function tell(
  context: TokenContext,
  kind: 'authority_away' | 'authority_back',
  summary: string,
  failure?: HubError,
): Promise<void> {
  return recordEvent(context.store.db, context, {
    subject: hubItself,
    kind,
    summary,
    ...(failure && { failure }),
  });
}
