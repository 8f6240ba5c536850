import { describe, expect, it } from 'vitest';
import { ODataSyntaxError } from './odata-syntax-error.ts';
import { parseExpressionText } from './parse-expression.ts';
import { printExpression } from './print-expression.ts';

describe('reads with the precedence and grouping of OData', () => {
  it.each([
    ["name eq 'A'", "name eq 'A'"],
    ["name eq 'O''Neil & Co'", "name eq 'O''Neil & Co'"],
    ['a eq 1 or b eq 2 and c eq 3', '(a eq 1) or ((b eq 2) and (c eq 3))'],
    ['(a eq 1 or b eq 2) and c eq 3', '((a eq 1) or (b eq 2)) and (c eq 3)'],
    ['a eq 1 and b eq 2 and c eq 3', '((a eq 1) and (b eq 2)) and (c eq 3)'],
    ["not contains(name,'x') and a eq 1", "(not contains(name,'x')) and (a eq 1)"],
    ['not (a eq 1)', 'not (a eq 1)'],
    ['not not a', 'not (not a)'],
    ['a add 2 mul 3 sub 1 gt 4', '((a add (2 mul 3)) sub 1) gt 4'],
    ['- a lt -5', '(- a) lt -5'],
    ['not -a', 'not (- a)'],
    ["a in ('x','y') or b", "(a in ('x','y')) or b"],
    ['a in (1)', 'a in (1)'],
    ["x has Sales.Pattern'Yellow'", "x has Sales.Pattern'Yellow'"],
    ['primarycontactid/fullname ne null', 'primarycontactid/fullname ne null'],
    ['createdon ge 2026-01-31T10:00:00Z', 'createdon ge 2026-01-31T10:00:00Z'],
    ['birthdate lt 2000-02-29', 'birthdate lt 2000-02-29'],
    [
      '_ownerid_value eq 0c2e8f32-1111-4abc-9def-0123456789ab',
      '_ownerid_value eq 0c2e8f32-1111-4abc-9def-0123456789ab',
    ],
    ['revenue le 1.5e6', 'revenue le 1.5e6'],
    ['tasks/any()', 'tasks/any()'],
    ["tasks/any(t:t/subject eq 'x' and t/done)", "tasks/any(t:(t/subject eq 'x') and t/done)"],
    ['tasks/all(t:t/regardingid/any(r:r/a eq 1))', 'tasks/all(t:t/regardingid/any(r:r/a eq 1))'],
    ['tasks/$count gt 3', 'tasks/$count gt 3'],
    ['name eq @p1', 'name eq @p1'],
    [
      "Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['a', \"b\"])",
      "Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['a','b'])",
    ],
    ["F(Target={'@odata.id':'x'})", "F(Target={'@odata.id':'x'})"],
    ["d eq duration'PT1H'", "d eq duration'PT1H'"],
    ['at eq 10:30:00', 'at eq 10:30:00'],
  ])('%s', (source, printed) => {
    expect(printExpression(parseExpressionText(source))).toBe(printed);
  });
});

it('tells where each part stands', () => {
  const tree = parseExpressionText("name eq 'x' or contains(name,'y')");
  expect(tree).toMatchObject({
    kind: 'binary',
    start: 0,
    end: 33,
    left: { start: 0, end: 11 },
    right: { kind: 'call', start: 15, end: 33 },
  });
});

describe('refuses with the position', () => {
  it.each([
    ['', 'Expression expected at position 0'],
    ['name eq', 'Expression expected at position 7'],
    ["name eq 'x", 'There is an unterminated string literal at position 8'],
    ["name eq 'x' 'y'", 'Syntax error at position 12'],
    ['(a eq 1', "')' expected at position 7"],
    ["contains(name,'x'", "',' expected at position 17"],
    ['a eq 1 & b', "character '&' is not valid at position 7"],
    ["a eq guid'0c2e8f32'", "Unrecognized literal 'guid'0c2e8f32'' at position 5"],
    ['tasks/all()', 'Range variable expected at position 10'],
    ["Target={'@odata.id':'x'}", 'Syntax error at position 6'],
    ['a eq 5x', "character '5' is not valid at position 5"],
    ['a eq ["\\q"]', 'Invalid JSON string at position 6'],
  ])('%s', (source, message) => {
    expect(() => parseExpressionText(source)).toThrow(ODataSyntaxError);
    expect(() => parseExpressionText(source)).toThrow(message);
  });

  it('a text nested too deep, rather than exhaust the stack', () => {
    expect(() => parseExpressionText('('.repeat(20_000))).toThrow('Recursion limit reached');
    expect(() => parseExpressionText('not '.repeat(20_000))).toThrow('Recursion limit reached');
  });

  it('a chain of operators that is too long', () => {
    expect(() => parseExpressionText(`a${' or a'.repeat(10_000)}`)).toThrow('operators in a row');
  });
});
