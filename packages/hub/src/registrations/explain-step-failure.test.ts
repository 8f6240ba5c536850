import { describe, expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import { explainStepFailure, needsOtherSignIn } from './explain-step-failure.ts';
import { readGraphError } from './graph-error.ts';
import { graphError } from './testing/scripted-graph.ts';

function refusal(status: number, code: string) {
  const { body } = graphError(status, code, 'Graph’s own words.');
  return readGraphError({ status, headers: {}, body: JSON.stringify(body) }, 0);
}

describe('explainStepFailure', () => {
  it.each([
    ['missing rights', refusal(403, 'Authorization_RequestDenied'), 'graph_refused', true],
    ['a token that has ended', refusal(401, 'InvalidAuthenticationToken'), 'graph_refused', true],
    ['a bad request', refusal(400, 'Request_BadRequest'), 'graph_refused', false],
    ['something that is gone', refusal(404, 'Request_ResourceNotFound'), 'graph_refused', false],
    ['throttling', refusal(429, 'TooManyRequests'), 'graph_unavailable', false],
    ['an outage', refusal(503, 'serviceNotAvailable'), 'graph_unavailable', false],
    ['no answer', new OutboundError('ECONNREFUSED', 'refused'), 'graph_unavailable', false],
    [
      'a sign-in of an hour ago',
      new HubError('administrator_sign_in_ended'),
      'administrator_sign_in_ended',
      true,
    ],
    ['a mistake of ours', new TypeError('x is not a function'), 'internal_error', false],
  ])('explains %s', (_case, error, code, needsSignIn) => {
    const failure = explainStepFailure(error);
    expect(failure.code).toBe(code);
    expect(needsOtherSignIn(failure)).toBe(needsSignIn);
  });

  it('keeps Graph’s own words and ids beside the advice', () => {
    expect(explainStepFailure(refusal(403, 'Authorization_RequestDenied')).options.remote).toMatchObject({
      system: 'graph',
      code: 'Authorization_RequestDenied',
      message: 'Graph’s own words.',
      httpStatus: 403,
      traceId: 'r-1',
      correlationId: 'c-1',
    });
  });
});
