import path from 'node:path/posix';
import type { Violation } from './cruise-house.ts';

type KnownViolation = readonly [rule: string, from: string, to: string, count: number];

export interface Verdict {
  /** Violations that are not known, or more than are known. */
  refused: Violation[];
  /** Known violations of which none is left. */
  outlived: KnownViolation[];
}

/** Sets what is known and still to be mended apart from what is new. */
export function judgeViolations(violations: readonly Violation[], known: readonly KnownViolation[]): Verdict {
  const keyOf = (rule: string, from: string, to: string): string => [rule, from, to].join(' | ');
  const groups = Map.groupBy(violations, ({ rule, from, to }) =>
    keyOf(rule, path.dirname(from), path.dirname(to)),
  );
  const counts = new Map(known.map(([rule, from, to, count]) => [keyOf(rule, from, to), count]));
  return {
    refused: [...groups].flatMap(([key, group]) => (group.length > (counts.get(key) ?? 0) ? group : [])),
    outlived: known.filter(([rule, from, to]) => !groups.has(keyOf(rule, from, to))),
  };
}
