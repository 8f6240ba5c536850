/** A seed that can't be taken: one sentence for a person, naming the place in the seed. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}
