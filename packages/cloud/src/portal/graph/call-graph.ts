import { EntraError } from '../../entra/errors/entra-error.ts';
import { GraphError } from '../../graph/errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../../graph/operation/graph-operation.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

/** Why a change was refused, in words for the person. */
export interface Refusal {
  message: string;
}

/**
 * The visit as a call of Microsoft Graph by the person, to hand to Graph's own operations: so the portal checks and
 * writes nothing by rules of its own.
 *
 * @param params those of the operation's path; the visit's own when left out
 */
export function graphCall(
  { context, caller, origins, params: ownParams }: PortalVisit,
  { params = ownParams, body }: { params?: GraphCall['params']; body?: object } = {},
): GraphCall {
  return {
    context,
    caller,
    serviceRoot: `${origins.graph}/v1.0`,
    path: '',
    params,
    query: new URLSearchParams(),
    body,
    eventual: false,
    preferences: [],
  };
}

/** Does the work, and gives the reason when Graph's or Entra ID's rules refuse it. */
export function refusalOf(work: () => void): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof GraphError || error instanceof EntraError) return { message: error.message };
    throw error;
  }
}

/** A text of an operation's answer that is always there. */
export function answeredText(answer: GraphAnswer, property: string): string {
  const value = 'body' in answer ? answer.body[property] : undefined;
  if (typeof value !== 'string') throw new Error(`Graph answered without '${property}'.`);
  return value;
}
