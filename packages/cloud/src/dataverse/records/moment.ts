/** Epoch milliseconds as the Web API writes a moment: ISO 8601, UTC, whole seconds. */
export function formatMoment(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A day as `2026-01-31`, in UTC. */
export function formatDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 'yyyy-mm-dd'.length);
}
