/** The same sample of the same list every time, in the list's order. */
export function sample<T>(list: readonly T[], size: number): T[] {
  if (list.length <= size) return [...list];
  const next = createChance(list.length);
  const places = list.map((_, place) => place);
  for (let place = places.length - 1; place > 0; place -= 1) {
    const other = Math.floor(next() * (place + 1));
    const [one, two] = [places[place], places[other]];
    if (one !== undefined && two !== undefined) [places[place], places[other]] = [two, one];
  }
  const chosen = new Set(places.slice(0, size));
  return list.filter((_, place) => chosen.has(place));
}

/** Mulberry32: enough to mix a list evenly. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
