import type { Problem } from '@latchkey/client';
import { expect } from 'vitest';

/** Reads a failure of the hub, which has to be whole: media type, status, request id, and what to do next. */
export async function readWholeProblem(response: Response): Promise<Problem> {
  const problem = (await response.json()) as Problem;
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(problem.status).toBe(response.status);
  expect(problem.instance).toBe(response.headers.get('x-request-id'));
  const { title, detail, remedy, whoActs } = problem;
  expect([title, detail, remedy, whoActs].filter(Boolean)).toHaveLength(4);
  return problem;
}
