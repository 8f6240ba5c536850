import type { Registration } from '@latchkey/api';
import type { HubConfig } from '../../config/config.ts';
import type { Sleep } from '../../ground/clock.ts';
import { createTestHub, type TestHub } from '../../testing/create-test-hub.ts';
import { createTestClock, type TestClock } from '../../testing/test-clock.ts';
import type { TestEngine } from '../../testing/test-database.ts';
import { administratorSignIn } from '../administrator-sign-in.ts';
import { administratorCode } from './scripted-entra.ts';
import { type ScriptedMicrosoft, startScriptedMicrosoft } from './scripted-microsoft.ts';

type HubMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface RegistrationHub extends TestHub {
  microsoft: ScriptedMicrosoft;
  /** Milliseconds that were waited, one entry a wait; waiting moves the clock and takes no time. */
  waits: number[];
  /** What happens in each wait, after its time has passed. */
  onWait: () => Promise<void>;
  /** Sends a body to the hub and gives its answer. */
  call<T = Registration>(method: HubMethod, path: string, body?: object): Promise<T>;
  /** Asks for a registration by browser. */
  begin(body?: object): Promise<Registration>;
  /** The administrator comes back from Microsoft's page; the steps begin. */
  comeBack(id: string): Promise<void>;
  /** The same; resolves when nothing is under way any more. */
  signIn(id: string): Promise<Registration>;
  show(id: string): Promise<Registration>;
}

/** The callback's address as Microsoft sends an administrator's browser to it. */
export function administratorCallback(query: string) {
  const redirectUri = 'http://localhost:4480/';
  return { url: `${redirectUri}?${query}`, codeVerifier: 'v'.repeat(43), redirectUri };
}

/** A hub beside a scripted Microsoft. `beside` is a hub on whose database and with whose Microsoft it works. */
export async function createRegistrationHub(
  options: {
    engine?: TestEngine;
    beside?: RegistrationHub;
    sleep?: Sleep;
    clock?: TestClock;
    config?: Partial<HubConfig>;
  } = {},
): Promise<RegistrationHub> {
  const { beside, engine = 'sqlite' } = options;
  const clock = beside?.clock ?? createTestClock();
  const microsoft = beside?.microsoft ?? (await startScriptedMicrosoft(() => clock.now()));
  const waits: number[] = [];
  const sleep: Sleep = async (milliseconds, signal) => {
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    waits.push(milliseconds);
    clock.advance(milliseconds);
    await registrationHub.onWait();
  };
  const { origin } = microsoft;
  const cloud = { authority: origin, graph: origin, localEnvironments: [origin] };
  const hub = await createTestHub({
    engine,
    cloud,
    clock,
    sleep: options.sleep ?? sleep,
    ...(options.config && { config: options.config }),
    ...(beside && { beside }),
  });

  async function call<T = Registration>(method: HubMethod, path: string, body?: object): Promise<T> {
    const answer = await hub.inject({ method, url: `/api/v1${path}`, ...(body && { payload: body }) });
    return answer.json<T>();
  }
  const comeBack = (registrationId: string) => {
    const callback = administratorCallback(`code=${administratorCode}&state=s`);
    return administratorSignIn(hub.context).complete(registrationId, callback);
  };
  const show = (id: string) => call('GET', `/registrations/${id}`);

  const registrationHub: RegistrationHub = {
    ...hub,
    clock,
    microsoft,
    waits,
    onWait: async () => {},
    call,
    begin: (body = {}) =>
      call('POST', '/registrations', {
        kind: 'created',
        name: 'Latchkey',
        administratorSignIn: 'browser',
        ...body,
      }),
    comeBack,
    async signIn(id) {
      await comeBack(id);
      await hub.context.background.idle();
      return show(id);
    },
    show,
    async close() {
      await hub.close();
      if (!beside) await microsoft.close();
    },
  };
  return registrationHub;
}
