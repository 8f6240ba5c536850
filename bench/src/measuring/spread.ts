/** A figure that was measured several times: the middle, and where the middle half of the measurements lies. */
export interface Spread {
  median: number;
  lowerQuartile: number;
  upperQuartile: number;
}

/** @throws RangeError when nothing was measured */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: quantile(values, 0.5),
    lowerQuartile: quantile(values, 0.25),
    upperQuartile: quantile(values, 0.75),
  };
}

/** @throws RangeError when nothing was measured */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The value that a share of all values lies below; between two measurements it lies on the line from one to the other.
 *
 * @throws RangeError when nothing was measured
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('Nothing was measured.');
  return below + (above - below) * (place - Math.floor(place));
}
