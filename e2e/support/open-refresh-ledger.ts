import { createHash } from 'node:crypto';
import type { MovableClock } from '@latchkey/cloud';
import type { Grant } from './open-grant-source.ts';
import type { TapRule } from './open-tap.ts';

/** A token that has lived for this share of its life is used up: hubs refresh it by then, and not before. */
const usedUpShare = 0.8;
/** A lease of 6 s is renewed every 2 s: who stands still for longer than what is left may come back without it. */
const shortestLeaseLeft = 4000;

/** A hub process, as the ledger follows it. */
export interface FollowedProcess {
  /** Answers the process's requests, and notes them. */
  rule: TapRule;
  /** It was killed: what it had been answered and had not stored is nowhere. */
  killed(): void;
  /** It stands still from now on, until what is returned is called. */
  standsStill(): () => void;
}

/** What Microsoft was asked for, what of that was needed, and what was lost. */
interface LedgerSum {
  /** Requests with a refresh token that were answered. */
  requests: number;
  /** One for each token that was used up, each token and secret that was typed in, and each grant that was found lost. */
  least: number;
  /** What the others were, for whoever looks into a failure. */
  wasted: Record<string, number>;
  /** Grants whose next refresh token went with a process that was killed, or stood still past its lease. */
  lostWithProcess: number;
  /** Grants that were lost otherwise; there is no good reason for one. */
  lostOtherwise: string[];
  /** Requests that came while the authority was away. */
  whileAway: number;
}

/**
 * Follows every grant from refresh token to refresh token at an authority where each is good once: so it knows which
 * request was needed, and whose fault it is when a token comes twice.
 */
export interface RefreshLedger {
  /** The authority answers nobody. */
  isAway: boolean;
  /** A person has got a grant for a connection, and types it in. */
  granted(connectionId: string, grant: Grant): void;
  /** Somebody types a client secret into a connection, which is proven at once. */
  secretEntered(connectionId: string, which: 'right' | 'wrong'): void;
  follow(): FollowedProcess;
  read(): LedgerSum;
}

interface LedgerGrant {
  connectionId: string;
  obtainedAt: number;
  lifeMilliseconds: number;
  /** The tokens that a person typed in are redeemed at once, which proves them. */
  isProven: boolean;
  isEnded: boolean;
}

interface LedgerProcess {
  isKilled: boolean;
  standstills: { from: number; until: number | null }[];
}

interface Use {
  process: LedgerProcess;
  at: number;
}

/** @param clock the authority's */
export function openRefreshLedger(clock: MovableClock): RefreshLedger {
  /** By digest of each refresh token that there was. */
  const grantOf = new Map<string, LedgerGrant>();
  /** By digest of a refresh token: the requests under way with it, and the one that it was good for. */
  const usesOf = new Map<string, Set<Use>>();
  const toBeProven = { right: new Map<string, number>(), wrong: new Map<string, number>() };
  const wasted: Record<string, number> = {};
  const sum = { requests: 0, least: 0, lostWithProcess: 0, whileAway: 0 };
  const lostOtherwise: string[] = [];

  function count(isNeeded: boolean, otherwise: string): void {
    sum.requests += 1;
    if (isNeeded) sum.least += 1;
    else wasted[otherwise] = (wasted[otherwise] ?? 0) + 1;
  }

  function isToBeProven(which: 'right' | 'wrong', connectionId: string): boolean {
    const left = toBeProven[which].get(connectionId) ?? 0;
    toBeProven[which].set(connectionId, left - 1);
    return left > 0;
  }

  function noteTokens(grant: LedgerGrant, body: string): void {
    const answer = JSON.parse(body) as { refresh_token: string; expires_in: number };
    const age = clock.now() - grant.obtainedAt;
    const isUsedUp = age >= usedUpShare * grant.lifeMilliseconds;
    const isNeeded = isUsedUp || !grant.isProven || isToBeProven('right', grant.connectionId);
    count(isNeeded, 'token not used up');
    grant.isProven = true;
    grant.obtainedAt = clock.now();
    grant.lifeMilliseconds = answer.expires_in * 1000;
    grantOf.set(digest(answer.refresh_token), grant);
  }

  function noteEnd(grant: LedgerGrant, uses: Iterable<Use>): void {
    count(!grant.isEnded, 'grant known to be lost');
    if (grant.isEnded) return;
    grant.isEnded = true;
    if ([...uses].some(isOutOfPlay)) sum.lostWithProcess += 1;
    else lostOtherwise.push(grant.connectionId);
  }

  function note(
    token: string,
    uses: Iterable<Use>,
    { status, body }: { status: number; body: string },
  ): void {
    const grant = grantOf.get(token);
    if (!grant) count(false, 'unknown refresh token');
    else if (status === 200) noteTokens(grant, body);
    else if (body.includes('invalid_client'))
      count(isToBeProven('wrong', grant.connectionId), 'secret known to be wrong');
    else if (body.includes('invalid_grant')) noteEnd(grant, uses);
    else count(false, `answered ${status}`);
  }

  const ledger: RefreshLedger = {
    isAway: false,
    granted(connectionId, { refreshToken, expiresInSeconds }) {
      grantOf.set(digest(refreshToken), {
        connectionId,
        obtainedAt: clock.now(),
        lifeMilliseconds: expiresInSeconds * 1000,
        isProven: false,
        isEnded: false,
      });
    },
    secretEntered(connectionId, which) {
      toBeProven[which].set(connectionId, Math.max(0, toBeProven[which].get(connectionId) ?? 0) + 1);
    },
    follow() {
      const process: LedgerProcess = { isKilled: false, standstills: [] };
      return {
        async rule(request, ask, response) {
          if (ledger.isAway) {
            sum.whileAway += 1;
            response.destroy();
            return 'answered';
          }
          const sent = new URLSearchParams(request.body).get('refresh_token');
          if (sent === null) return ask();
          const token = digest(sent);
          const use = { process, at: performance.now() };
          const uses = usesOf.get(token) ?? new Set();
          usesOf.set(token, uses.add(use));
          const answer = await ask();
          note(token, uses, answer);
          if (answer.status !== 200) uses.delete(use);
          return answer;
        },
        killed: () => (process.isKilled = true),
        standsStill() {
          const standstill: { from: number; until: number | null } = { from: performance.now(), until: null };
          process.standstills.push(standstill);
          return () => (standstill.until = performance.now());
        },
      };
    },
    read: () => ({ ...sum, wasted, lostOtherwise }),
  };
  return ledger;
}

/** Whether the process that used a token was killed since, or stood still for so long that its lease was another's. */
function isOutOfPlay({ process, at }: Use): boolean {
  if (process.isKilled) return true;
  const now = performance.now();
  return process.standstills.some(
    ({ from, until }) => (until ?? now) > at && (until ?? now) - from >= shortestLeaseLeft,
  );
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
