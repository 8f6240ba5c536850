import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'undici';
import { HubError } from '../../errors/hub-error.ts';
import { hubErrors } from '../../errors/hub-error-table.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import { dynamics365 } from '../../providers/dynamics-365/dynamics-365.ts';
import { createTestClock, type TestClock } from '../../testing/test-clock.ts';
import { createTestTimers, type TestTimers } from '../../testing/test-timers.ts';
import { createCallLimit } from '../limit-concurrent-calls.ts';
import { type CallToken, type ProxyServices, passOnCall } from '../pass-on-call.ts';
import { sharesOfOne } from './shares-of-one.ts';

export interface TestProxy {
  /** Where paths of the environment begin: `…/proxy`. */
  url: string;
  /** What evidence was given, in order. */
  evidence: string[];
  /** Tokens that were reported as rejected, in order. */
  healed: string[];
  /** What the proxy measures patience with; a call may stand still for `patientMilliseconds`. */
  timers: TestTimers;
  clock: TestClock;
  /** The connection has another token from now on. */
  useToken(token: string): void;
  close(): Promise<void>;
}

export interface TestProxyOptions {
  origin: string;
  limit?: number;
  /** Where links lead; default: as they are. */
  standIn?: string;
  /** What fetching a token waits for; default: nothing. */
  beforeToken?: () => Promise<void>;
  /** Default: every token is replaced by one with a quote mark behind it. */
  heal?: (rejectedToken: string) => Promise<string>;
}

const patientSeconds = 20;
export const patientMilliseconds = patientSeconds * 1000;

/** The proxy's core in front of an environment, with tokens of the test's making, on a real socket. */
export async function startProxy(options: TestProxyOptions): Promise<TestProxy> {
  const { origin, limit = dynamics365.concurrentCalls } = options;
  const evidence: string[] = [];
  const healed: string[] = [];
  const timers = createTestTimers();
  const clock = createTestClock();
  const pool = new Pool(origin);
  let current = 'token';
  const heal = options.heal ?? ((rejectedToken: string) => Promise.resolve(`${rejectedToken}'`));

  function callToken(): CallToken {
    return {
      accessToken: current,
      environmentUrl: origin,
      requestTimeoutSeconds: patientSeconds,
      user: 'alice',
    };
  }

  const services: ProxyServices = {
    clock,
    async getAccessToken() {
      await options.beforeToken?.();
      return callToken();
    },
    async healRejectedToken(_connectionId, rejectedToken) {
      healed.push(rejectedToken);
      if (rejectedToken === current) current = await heal(rejectedToken);
      return callToken();
    },
    healInBackground(_connectionId, rejectedToken) {
      healed.push(rejectedToken);
    },
    pool: () => pool,
    limit: createCallLimit(timers, sharesOfOne(limit)),
    startTimer: timers.startTimer,
    evidence: {
      onAnswer: (_connectionId, status, refusal) =>
        evidence.push(refusal ? `${status} ${refusal}` : `${status}`),
      onFreshTokenRefused: () => evidence.push('fresh token refused'),
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await passOnCall(services, {
        connectionId: 'c1',
        request,
        response,
        addedHeaders: [],
        standIn: options.standIn ?? null,
        onBegin: () => {},
      });
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      const { retryAfterMilliseconds: retryAfter } = error.options;
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter / millisecondsPerSecond);
      response.writeHead(hubErrors[error.code].status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: error.code, detail: error.message }));
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/api/v1/connections/c1/proxy`,
    evidence,
    healed,
    timers,
    clock,
    useToken(token) {
      current = token;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await pool.destroy();
    },
  };
}
