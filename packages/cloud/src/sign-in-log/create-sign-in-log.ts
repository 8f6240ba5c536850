import { isRecord, parseJson } from '../ground/json.ts';
import type { IssuedToken, IssuedTokenKind, SignInRecord } from './sign-in-record.ts';

/** A record as it is written: the tokens still encoded, since most are never read. */
export interface WrittenSignIn extends Omit<SignInRecord, 'claims' | 'tokens'> {
  tokens: readonly WrittenToken[];
}

export interface WrittenToken {
  kind: IssuedTokenKind;
  /** Header and payload as the token has them, `header.payload` in base64url; no signature. */
  signedPart: Buffer;
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

function present({ tokens: written, ...record }: WrittenSignIn): SignInRecord {
  const tokens = written.map(decode);
  const claims = tokens.find(({ kind }) => kind === 'access_token')?.claims ?? null;
  const names = tokens.flatMap((token) => [token.claims.upn, token.claims.preferred_username]);
  const name = names.find((candidate) => typeof candidate === 'string');
  return { ...record, user: name ?? record.user, claims, tokens };
}

function decode({ kind, signedPart }: WrittenToken): IssuedToken {
  const [header, claims] = signedPart.toString('latin1').split('.').map(readPart);
  return { kind, header: header ?? {}, claims: claims ?? {} };
}

function readPart(part: string): Record<string, unknown> {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  // What is none only looked like a token, such as a parameter of the app's own.
  return isRecord(value) ? value : {};
}
