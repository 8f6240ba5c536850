import type { SignInRecord } from './sign-in-record.ts';

/** A record as it is written: the claims still encoded, since most are never read. */
export interface WrittenSignIn extends Omit<SignInRecord, 'claims'> {
  /** The payload part of the issued access token, decoded from base64url; no signature. */
  tokenPayload: Buffer | null;
}

/** What only the pages know about a request, before it is answered. */
export interface SignInFacts {
  clientId?: string;
  /** Sign-in name. */
  user?: string;
  /** The response type of the authorize request under way. */
  grant?: string;
}

/** The latest sign-ins, in memory. */
export interface SignInLog {
  write(record: WrittenSignIn): void;
  /** Tells more about a request, by the object that stands for it. */
  note(request: object, facts: SignInFacts): void;
  factsOf(request: object): SignInFacts;
  /** The latest first. */
  list(): SignInRecord[];
  clear(): void;
}

const capacity = 1000;

/** Makes a log of the latest thousand: older ones make room. */
export function createSignInLog(): SignInLog {
  let records: WrittenSignIn[] = [];
  let next = 0;
  const facts = new WeakMap<object, SignInFacts>();
  const none: SignInFacts = {};
  return {
    write(record) {
      records[next] = record;
      next = (next + 1) % capacity;
    },
    note: (request, more) => facts.set(request, { ...facts.get(request), ...more }),
    factsOf: (request) => facts.get(request) ?? none,
    list: () => [...records.slice(next), ...records.slice(0, next)].toReversed().map(present),
    clear() {
      records = [];
      next = 0;
    },
  };
}

function present({ tokenPayload, ...record }: WrittenSignIn): SignInRecord {
  if (tokenPayload === null) return { ...record, claims: null };
  const claims: Record<string, unknown> = JSON.parse(tokenPayload.toString('utf8'));
  const name = claims.upn ?? claims.preferred_username;
  return { ...record, user: typeof name === 'string' ? name : record.user, claims };
}
