import type { RunningHub } from '@latchkey/hub';

type Store = RunningHub['context']['store'];

/** @returns what tells how many statements a store was asked since; begin and commit of a transaction are none */
export function countQueries(store: Store): () => number {
  let count = 0;
  const counter: Parameters<Store['db']['withPlugin']>[0] = {
    transformQuery({ node }) {
      count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  Object.assign(store, { db: store.db.withPlugin(counter) });
  return () => count;
}
