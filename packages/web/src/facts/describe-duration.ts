const SECOND_MS = 1000;

/** A duration as a step shows it: whole milliseconds below a second, then seconds with one decimal. */
export function describeDuration(durationMs: number): string {
  if (durationMs < SECOND_MS) return `${Math.round(durationMs)} ms`;
  return `${(durationMs / SECOND_MS).toFixed(1)} s`;
}
