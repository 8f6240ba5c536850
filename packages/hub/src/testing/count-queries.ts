import type { Store } from '../store/store.ts';

/** @returns how many queries the store has answered since */
export function countQueries(store: Store): () => number {
  let count = 0;
  store.db = store.db.withPlugin({
    transformQuery: ({ node }) => node,
    // Those that are prepared are transformed only once.
    transformResult: async ({ result }) => {
      count += 1;
      return result;
    },
  });
  return () => count;
}
