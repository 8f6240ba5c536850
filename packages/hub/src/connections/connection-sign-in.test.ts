import { expect, it, onTestFinished } from 'vitest';
import { testEngines } from '../testing/test-database.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import {
  createConnectionHub,
  makeConnection,
  showConnection,
  signIn,
} from './testing/create-connection-hub.ts';

it.each(testEngines)(
  'a sign-in on %s keeps its tokens while the database is away, and stores them once it is back',
  async (engine) => {
    const hub = await createConnectionHub({ engine });
    onTestFinished(() => hub.close());
    const { id } = await makeConnection(hub, { method: 'sign_in' });
    const { store, outbound } = hub.context;
    const { db } = store;
    let refusals = 0;
    const away = () => {
      refusals += 1;
      if (refusals === 5) store.db = db;
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    const request = outbound.request.bind(outbound);
    outbound.request = async (...words) => {
      outbound.request = request;
      const answer = await request(...words);
      store.db = new Proxy(db, { get: away });
      return answer;
    };
    await signIn(hub, id);
    expect(refusals).toBe(5);
    expect((await readTokenState(hub.context, id)).tokenSet.version).toBe(1);
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
    expect((await showConnection(hub, id)).status).toMatchObject({ state: 'ready' });
  },
);
