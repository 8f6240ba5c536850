import type { MutantResult } from './run-mutants.ts';

export interface FolderResult {
  folder: string;
  /** How many source files. */
  files: number;
  mutants: MutantResult[];
}

/** How many of a hundred mutants were noticed; one whose tests never end is noticed too. */
export function percentage(mutants: readonly MutantResult[]): number {
  if (mutants.length === 0) return 100;
  return (
    (100 * mutants.filter(({ fate }) => fate === 'killed' || fate === 'timed out').length) / mutants.length
  );
}

/** A table by folder as Markdown, and below it what no test noticed. */
export function writeTable(results: readonly FolderResult[]): string {
  const lines = results.map(({ folder, files, mutants }) => writeLine(folder, files, mutants));
  if (results.length > 1) {
    const files = results.reduce((sum, result) => sum + result.files, 0);
    lines.push(
      writeLine(
        'all',
        files,
        results.flatMap((result) => result.mutants),
      ),
    );
  }
  const head = '| Folder | Files | Mutants | Killed | Timed out | Survived | No tests | Noticed |';
  const rule = '|---|---:|---:|---:|---:|---:|---:|---:|';
  const unnoticed = results
    .flatMap((result) => result.mutants)
    .filter(({ fate }) => fate === 'survived' || fate === 'no tests')
    .map(
      ({ file, line, change, fate }) =>
        `${file}:${line}  ${change}${fate === 'no tests' ? '  (no tests)' : ''}`,
    );
  return `${[head, rule, ...lines].join('\n')}\n${unnoticed.length > 0 ? `\n${unnoticed.join('\n')}\n` : ''}`;
}

function writeLine(folder: string, files: number, mutants: readonly MutantResult[]): string {
  const count = (fate: MutantResult['fate']) => mutants.filter((mutant) => mutant.fate === fate).length;
  const cells = [
    folder,
    files,
    mutants.length,
    count('killed'),
    count('timed out'),
    count('survived'),
    count('no tests'),
  ];
  return `| ${cells.join(' | ')} | ${percentage(mutants).toFixed(1)} % |`;
}
