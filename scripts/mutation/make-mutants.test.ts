import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import { buildInMutants } from './build-in-mutants.ts';
import { makeMutants } from './make-mutants.ts';

const changesIn = (source: string) => makeMutants('a.ts', source).map(({ change }) => change);

it.each([
  ['if (a) b();', ['a → true', 'a → false', 'b() → undefined']],
  ['x = a && b;', ['x = a && b → undefined', 'a && b → a', 'a && b → b', '&& → ||']],
  ['const x = a ?? b;', ['a ?? b → a', 'a ?? b → b']],
  ['const x = a?.b.trim();', ['?. → .', 'a?.b.trim() → a?.b']],
  ['const x = a >= b;', ['>= → >', '>= → <']],
  ['const x = 5 + 200;', ['+ → -', '5 → 6', '200 → 400']],
  [`const x = \`a\${b}\`;`, [`\`a\${b}\` → \`\``]],
  ["const x = ['a'];", ["['a'] → []", "'a' → ''"]],
  ['const x = /^a$/i;', ['/^a$/i → /a$/i', '/^a$/i → /^a/i', '/^a$/i → /^a$/']],
  ['const x = list.some(f);', ['some → every']],
  ['while (a !== 1) next();', ['a !== 1 → false', 'next() → undefined']],
])('finds the faults of %s', (source, changes) => {
  expect(changesIn(source).sort()).toEqual(changes.sort());
});

it.each([
  "type Kind = 'a' | 'b';",
  "const x = y as Record<'a', 1>;",
  "import { a } from 'a';",
  "log.info('a text', { count: 1 });",
  "throw new Error('for people');",
  "const x = { detail: 'for people' };",
  "const x = z.string().describe('for people');",
])('finds none in %s', (source) => {
  expect(changesIn(source)).toEqual([]);
});

it('builds in mutants that leave the source as it was until one is chosen', () => {
  const source = `return (a?.b(1).c ?? [2]).length > 3 && !d ? \`é\${e}\` : f('g');`;
  const mutants = makeMutants('a.ts', `(a, d, e, f) => { ${source} }`);
  const built = buildInMutants(`(a, d, e, f) => { ${source} }`, mutants);
  const evaluate = (text: string) => {
    const run = runInThisContext(`(${text})`);
    return [
      run({ b: (n: number) => ({ c: [n, n, n, n] }) }, false, 'e', String),
      run(null, true, 'e', String),
    ];
  };
  expect(evaluate(built)).toEqual(['ée', 'g']);
  for (const mutant of mutants) {
    globalThis.mutant$ = (id) => id === mutant.id;
    expect(() => evaluate(built)).not.toThrow(SyntaxError);
  }
  globalThis.mutant$ = undefined;
});
