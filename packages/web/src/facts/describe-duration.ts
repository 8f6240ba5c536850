const secondMilliseconds = 1000;

/** A duration as a step shows it: whole milliseconds below a second, then seconds with one decimal. */
export function describeDuration(durationMs: number): string {
  if (durationMs < secondMilliseconds) return `${Math.round(durationMs)} ms`;
  return `${(durationMs / secondMilliseconds).toFixed(1)} s`;
}
