/** @returns a time as the API shows it */
export function toIso<T extends number | null>(time: T): T extends number ? string : string | null;
export function toIso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
