import type { Problem } from '@latchkey/api';

/** The media type of RFC 9457; the hub uses it for its own failures only. */
const problemMediaType = 'application/problem+json';

/** The hub refused a call or could not do it. `problem` says what happened, who acts and what to do. */
export class HubProblemError extends Error {
  override readonly name = 'HubProblemError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.detail}`, options);
    this.problem = problem;
  }
}

/** No answer came from the hub: not running, wrong address, network down. `cause` is what `fetch` threw. */
export class HubUnreachableError extends Error {
  override readonly name = 'HubUnreachableError';
  readonly baseUrl: string;

  constructor(baseUrl: string, options: ErrorOptions) {
    super(`The hub at ${baseUrl} did not answer.`, options);
    this.baseUrl = baseUrl;
  }
}

/**
 * The hub's problem document carried by a response, or null when the response carries none.
 * Tells a failure of the hub apart from an error answer that its proxy passed on from the CRM.
 * Consumes the body only when it is a problem document.
 */
export async function readProblem(response: Response): Promise<Problem | null> {
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== problemMediaType) return null;
  try {
    const body: unknown = await response.json();
    return isProblem(body) ? body : unexpectedAnswer(response);
  } catch (error) {
    if (error instanceof SyntaxError) return unexpectedAnswer(response);
    throw error;
  }
}

function isProblem(body: unknown): body is Problem {
  const texts = ['code', 'title', 'detail', 'remedy'] as const;
  return (
    typeof body === 'object' &&
    body !== null &&
    texts.every((name) => name in body && typeof Reflect.get(body, name) === 'string')
  );
}

/** What to say of an answer that is not the hub's: something else listens there, or a gateway stands between. */
export function unexpectedAnswer(response: Response): Problem {
  return {
    type: 'about:blank',
    status: response.status,
    instance: response.headers.get('x-request-id') ?? '',
    code: 'unexpected_answer',
    title: 'The answer did not come from a Latchkey hub',
    detail: `The address answered with HTTP ${response.status} and a body that is not the hub's JSON.`,
    whoActs: 'operator',
    remedy: "Check that the address is the hub's own, and that no gateway in between answers for it.",
    remote: null,
  };
}
