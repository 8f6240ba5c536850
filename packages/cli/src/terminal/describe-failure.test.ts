import { HubProblemError } from '@latchkey/client';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.ts';

describe('a failure at the terminal', () => {
  it('tells what happened, the remote’s own words, and the way out', () => {
    const problem = {
      type: 'about:blank',
      status: 409,
      instance: 'r1',
      code: 'client_secret_wrong',
      title: 'Microsoft does not accept the client secret',
      detail: 'The token endpoint refused.',
      whoActs: 'administrator' as const,
      remedy: 'Replace the client secret.',
      remote: {
        system: 'entra' as const,
        code: 'AADSTS7000215',
        oauthError: 'invalid_client',
        message: 'Invalid client secret provided.',
        httpStatus: 401,
        traceId: null,
        correlationId: null,
        timestamp: null,
        helpLink: null,
      },
    };
    expect(describeFailure(new HubProblemError(problem)).split('\n')).toEqual([
      'Microsoft does not accept the client secret: The token endpoint refused.',
      '  entra said: Invalid client secret provided.',
      '  Replace the client secret.',
    ]);
  });

  it('says once what has no detail', () => {
    const problem = {
      type: 'about:blank',
      status: 404,
      instance: 'r1',
      code: 'connection_not_found',
      title: 'There is no such connection',
      detail: 'There is no such connection',
      whoActs: 'developer' as const,
      remedy: 'List the connections.',
      remote: null,
    };
    const text = 'There is no such connection\n  List the connections.';
    expect(describeFailure(new HubProblemError(problem))).toBe(text);
  });

  it('adds the remedy that an error brings, and never a stack', () => {
    const error = Object.assign(new Error('Port 4480 is taken.'), { remedy: 'Use --port.' });
    expect(describeFailure(error)).toBe('Port 4480 is taken.\n  Use --port.');
    expect(describeFailure(new Error('plain'))).toBe('plain');
    expect(describeFailure('text')).toBe('text');
    expect(describeFailure(Object.assign(new Error('plain'), { remedy: 5 }))).toBe('plain');
  });

  it('says what to do where a package is missing', () => {
    const error = Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
    expect(describeFailure(error)).toMatch(/^Cannot find package 'pg'\n {2}Install .*`npm ci` in \//);
  });
});
