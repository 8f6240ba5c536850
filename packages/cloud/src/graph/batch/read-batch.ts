import { isRecord } from '../../ground/json.ts';
import { GraphError } from '../errors/graph-error.ts';

/** One request of a batch. */
export interface BatchStep {
  id: string;
  method: string;
  /** Relative to the version: `/me?$select=id`. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: unknown;
  dependsOn: readonly string[];
}

/** "Combine multiple HTTP requests using JSON batching". */
const maximumSteps = 20;

/**
 * Reads `{"requests": […]}` into steps, each after those that it depends on.
 *
 * @throws GraphError 400 when the batch as a whole can't be read
 */
export function readBatch(body: unknown): BatchStep[] {
  const requests = isRecord(body) ? body.requests : undefined;
  if (!Array.isArray(requests) || requests.length === 0) throw invalidBatch();
  if (requests.length > maximumSteps) {
    throw invalidBatch(`Number of batch request steps exceeds the maximum value of ${maximumSteps}.`);
  }
  const steps = requests.map(readStep);
  const ids = new Set(steps.map(({ id }) => id));
  if (ids.size < steps.length) throw invalidBatch('Request Id values of a batch must be unique.');
  for (const id of steps.flatMap(({ dependsOn }) => dependsOn)) {
    if (!ids.has(id)) throw invalidBatch(`No request has the id '${id}' that another one depends on.`);
  }
  return inOrder(steps);
}

function readStep(item: unknown): BatchStep {
  if (!isRecord(item)) throw invalidBatch();
  const { id, method, url, headers = {}, body, dependsOn = [] } = item;
  if (!isText(id)) throw invalidBatch('Request Id must be specified and non-empty.');
  if (!isText(method) || !isText(url) || !isRecord(headers)) throw invalidBatch();
  if (!Array.isArray(dependsOn) || !dependsOn.every(isText)) throw invalidBatch();
  return {
    id,
    method: method.toUpperCase(),
    url: url.startsWith('/') ? url : `/${url}`,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    body,
    dependsOn,
  };
}

function inOrder(steps: readonly BatchStep[]): BatchStep[] {
  const ordered: BatchStep[] = [];
  let waiting = [...steps];
  while (waiting.length > 0) {
    const done = new Set(ordered.map(({ id }) => id));
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => done.has(id)));
    if (ready.length === 0) throw invalidBatch('The requests of the batch depend on each other in a circle.');
    ordered.push(...ready);
    waiting = waiting.filter((step) => !ready.includes(step));
  }
  return ordered;
}

function invalidBatch(message = 'Invalid batch payload format.'): GraphError {
  return new GraphError(400, 'BadRequest', message);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
