import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BinaryOperator, Expression, LiteralType } from './expression.ts';
import { ODataSyntaxError } from './odata-syntax-error.ts';
import { parseExpressionText } from './parse-expression.ts';
import { printExpression } from './print-expression.ts';

const span = { start: 0, end: 0 };
const name = fc.constantFrom('name', '_ownerid_value', 'größe', 'new_Field1', 'o');
const names = fc.array(name, { minLength: 1, maxLength: 3 });
const literal = (type: LiteralType, text: fc.Arbitrary<string>) =>
  text.map((content): Expression => ({ kind: 'literal', type, text: content, ...span }));

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  literal('string', fc.string({ unit: 'grapheme' })),
  literal('integer', fc.integer().map(String)),
  literal('decimal', fc.constantFrom('0.5', '-12.25')),
  literal('double', fc.constantFrom('1e9', 'INF', '-INF', 'NaN')),
  literal('guid', fc.uuid()),
  literal('boolean', fc.constantFrom('true', 'false')),
  literal('null', fc.constant('null')),
  literal('date', fc.constant('2026-01-31')),
  literal('dateTime', fc.constant('2026-01-31T10:00:00.5Z')),
  literal('duration', fc.constant('PT1H')),
  names.map((parts): Expression => ({ kind: 'path', names: parts, ...span })),
  fc.constant<Expression>({ kind: 'alias', name: '@p1', ...span }),
  fc.string().map((value): Expression => ({ kind: 'enum', typeName: 'Sales.Color', value, ...span })),
);

const infixOperators: BinaryOperator[] = [
  'or',
  'and',
  'eq',
  'ne',
  'gt',
  'le',
  'add',
  'sub',
  'mul',
  'mod',
  'has',
];

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const items = fc.array(tie('expression'), { maxLength: 3 });
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(fc.constantFrom(...infixOperators), tie('expression'), tie('expression'))
        .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right, ...span })),
      fc.tuple(tie('expression'), items).map(
        ([left, list]): Expression => ({
          kind: 'binary',
          operator: 'in',
          left,
          right: { kind: 'list', items: list, ...span },
          ...span,
        }),
      ),
      fc
        .tuple(fc.constantFrom<('not' | 'negate')[]>('not', 'negate'), tie('expression'))
        .map(([operator, operand]): Expression => ({ kind: 'unary', operator, operand, ...span })),
      fc
        .tuple(
          fc.array(name, { maxLength: 2 }),
          fc.array(fc.record({ name: fc.option(name), value: tie('expression') }), { maxLength: 3 }),
        )
        .map(
          ([target, args]): Expression => ({
            kind: 'call',
            target,
            name: 'Ns.F',
            arguments: args,
            ...span,
          }),
        ),
      fc.tuple(names, fc.constantFrom<('any' | 'all')[]>('any', 'all'), tie('expression')).map(
        ([source, operator, predicate]): Expression => ({
          kind: 'lambda',
          source,
          operator,
          condition: { variable: 'v', predicate },
          ...span,
        }),
      ),
      items.map((list): Expression => ({ kind: 'list', items: list, ...span })),
      items.map(
        (values): Expression => ({
          kind: 'record',
          entries: values.map((value, index) => ({ name: `it's ${index}`, value })),
          ...span,
        }),
      ),
    ),
  };
});

it('prints what parses back to the same tree', () => {
  fc.assert(
    fc.property(expression, (tree) => {
      expect(withoutSpans(parseExpressionText(printExpression(tree)))).toEqual(withoutSpans(tree));
    }),
  );
});

it('throws nothing but a syntax error, whatever the text', () => {
  const fragments = fc.constantFrom(
    ..."name eq 'x' ( ) , [ ] { } : / - not and in any(v: @p1 $top 1.5 2026-01-31 \" = null".split(' '),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.oneof(fragments, fc.string({ maxLength: 3 })), { maxLength: 20 })
      .map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(text, (source) => {
      expect(outcomeOf(source)).not.toBe('unexpected error');
    }),
    { numRuns: 500 },
  );
});

function outcomeOf(source: string): string {
  try {
    return parseExpressionText(source).kind;
  } catch (error) {
    return error instanceof ODataSyntaxError ? 'syntax error' : 'unexpected error';
  }
}

function withoutSpans(value: unknown): unknown {
  const parts = JSON.stringify(value, (key, part: unknown) =>
    key === 'start' || key === 'end' ? undefined : part,
  );
  const whole: unknown = JSON.parse(parts);
  return whole;
}
