import type { Mutant } from './make-mutants.ts';

/**
 * Builds all mutants of a file into its source; which one holds is chosen while it runs, so that neither the file
 * nor what imports it is loaded anew for each. Where nobody chooses (`globalThis.mutant$` is missing), the source
 * means what it meant.
 */
export function buildInMutants(source: string, mutants: readonly Mutant[]): string {
  const places = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    const key = `${mutant.start}-${mutant.end}`;
    places.set(key, [...(places.get(key) ?? []), mutant]);
  }
  // Outer places before the inner ones that start with them.
  const ordered = [...places.values()].sort(([one], [other]) => {
    if (!one || !other) return 0;
    return one.start - other.start || other.end - one.end;
  });

  let next = 0;
  function write(start: number, end: number): string {
    let text = '';
    let at = start;
    for (;;) {
      const here = ordered[next];
      const first = here?.[0];
      if (!here || !first || first.start >= end) break;
      next += 1;
      const choices = here.map((mutant) => `globalThis.mutant$?.(${mutant.id}) ? (${mutant.text}) : `);
      text += `${source.slice(at, first.start)}(${choices.join('')}(${write(first.start, first.end)}))`;
      at = first.end;
    }
    return text + source.slice(at, end);
  }
  return write(0, source.length);
}
