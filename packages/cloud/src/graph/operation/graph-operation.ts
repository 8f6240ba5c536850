import type { ReplicationDelay } from '../../faults/replication-delay.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import type { Caller } from '../access/authenticate-caller.ts';
import type { PermissionRule } from '../access/permission-rules.ts';
import type { ResourceType } from './resource-type.ts';

/** What Graph is given at its start. */
export interface GraphContext extends TokenContext {
  /** How late Graph sees what was written through it. */
  replication: ReplicationDelay;
}

/** One authorised call, with everything that an operation may look at. */
export interface GraphCall {
  context: GraphContext;
  caller: Caller;
  /** The address through which the call came, e.g. `http://localhost:4482/v1.0`. */
  serviceRoot: string;
  /** The call's own path from the origin on, without the query. */
  path: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Parsed JSON, undefined when there was none. */
  body: unknown;
  /** `ConsistencyLevel: eventual`, which advanced queries ask for. */
  eventual: boolean;
  /** What `Prefer` asks for (RFC 7240): `return=minimal`, `create-if-missing` and the like. */
  preferences: readonly string[];
}

export type GraphResource = Record<string, unknown>;

export type GraphAnswer =
  /** `type`: that of the body, or of the objects in its `value`; absent for what is no directory object. */
  | { status: 200 | 201; body: GraphResource; type?: ResourceType }
  /** Plain text, as of `/$count`. */
  | { status: 200; text: string }
  | { status: 204 };

/** One row of Microsoft's reference: a method, a path, who may call it, and what it does. */
export interface GraphOperation {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/v1.0`; parameters as in Fastify. */
  path: string;
  /** Each of them must be met. */
  permissions: readonly PermissionRule[];
  handle(call: GraphCall): GraphAnswer;
}

/** Where an operation stands: at all the places of its object, by what follows there, with what it takes to call it. */
export type Places = (
  suffix: string,
  operation: Pick<GraphOperation, 'method' | 'handle'>,
) => GraphOperation[];

/** The places below the keys of a set: `/set/{id}` and the key form `/set(appId='…')`. */
export function belowKeys(set: string, permissions: GraphOperation['permissions']): Places {
  return (suffix, operation) => [
    { ...operation, permissions, path: `/${set}/:id${suffix}` },
    { ...operation, permissions, path: `/${set}:key${suffix}` },
  ];
}

/** The preferences of a `Prefer` header. */
export function readPreferences(header: string | undefined): string[] {
  return header?.split(/[,;]\s*/).map((preference) => preference.trim().toLowerCase()) ?? [];
}
