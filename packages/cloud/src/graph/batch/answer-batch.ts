import { requirePermissions } from '../access/permission-rules.ts';
import { GraphError } from '../errors/graph-error.ts';
import { createOperationFinder, type OperationFinder, requireOwnTenant } from '../http/find-operation.ts';
import { type RenderedAnswer, renderAnswer } from '../http/render-answer.ts';
import { replicateLate } from '../http/replicate-late.ts';
import { presentGraphError } from '../http/send-graph-error.ts';
import { readQueryOptions } from '../operation/find-name.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  readPreferences,
} from '../operation/graph-operation.ts';
import { type BatchStep, readBatch } from './read-batch.ts';

/** A step's answer; `id` is that of the step. */
type StepAnswer = RenderedAnswer & { id: string };

const failedDependency = new GraphError(
  424,
  'FailedDependency',
  'A request that this one depends on has failed.',
);

/** `POST /$batch`: up to twenty calls of these operations in one, each with the caller's own rights. */
export function batchOperation(operations: readonly GraphOperation[]): GraphOperation {
  const find = createOperationFinder(operations);
  return {
    method: 'POST',
    path: '/$batch',
    // Each step is checked by the rules of its own operation.
    permissions: [],
    handle: (call) => answerBatch(call, find),
  };
}

function answerBatch(call: GraphCall, find: OperationFinder): GraphAnswer {
  const answers = new Map<string, StepAnswer>();
  for (const step of readBatch(call.body)) {
    const failed = step.dependsOn.some((id) => (answers.get(id)?.status ?? 0) >= 400);
    answers.set(step.id, { id: step.id, ...answerStep(call, step, failed ? failedDependency : find) });
  }
  return { status: 200, body: { responses: [...answers.values()] } };
}

function answerStep(call: GraphCall, step: BatchStep, find: OperationFinder | GraphError): RenderedAnswer {
  try {
    if (find instanceof GraphError) throw find;
    return runStep(call, step, find);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return {
      status: error.status,
      headers: { 'Content-Type': 'application/json' },
      body: describe(call, error),
    };
  }
}

function runStep(
  call: GraphCall,
  { id, method, url, headers, body }: BatchStep,
  find: OperationFinder,
): RenderedAnswer {
  if (body !== undefined && headers['content-type'] === undefined) {
    throw new GraphError(
      400,
      'BadRequest',
      `Write request id : ${id} does not contain Content-Type header or body.`,
    );
  }
  const [sent = '', query = ''] = url.split(/\?(.*)/s, 2);
  const path = sent.replace(/\/+$/, '');
  const { operation, params, tenant } = find(method, path);
  requireOwnTenant(call.context, call.caller, tenant);
  requirePermissions(call.caller, operation.permissions);
  const own: GraphCall = {
    ...call,
    path: new URL(call.serviceRoot).pathname + path,
    params,
    query: readQueryOptions(query),
    body,
    eventual: headers.consistencylevel?.toLowerCase() === 'eventual',
    preferences: readPreferences(headers.prefer),
  };
  return renderAnswer(own, replicateLate(operation, own), headers.accept);
}

function describe({ context }: GraphCall, error: GraphError): GraphResource {
  const requestId = context.random.guid();
  return presentGraphError(error, { now: context.clock.now(), requestId, clientRequestId: requestId });
}
