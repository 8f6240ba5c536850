/** A moment (epoch milliseconds) as the directory writes it: fractions of a second only where there are any. */
export function presentMoment(time: number): string {
  return new Date(time).toISOString().replace(/\.?0*Z$/, 'Z');
}

/** The same to the second, as the directory tells when an object came and went; null stays null. */
export function presentSecond<T extends number | null>(time: T): T extends null ? null : string;
export function presentSecond(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
