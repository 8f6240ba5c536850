import type { Expression } from '../../odata/expression.ts';

/**
 * The properties, named in lower case, that a filter holds to one value each, e.g. `appId eq '…'`, alone or joined by `and`: what an index
 * can narrow the search by. The filter itself still has the last word.
 */
export function fixedProperties(expression: Expression): ReadonlyMap<string, string> {
  const fixed = new Map<string, string>();
  collect(expression, fixed);
  return fixed;
}

function collect(expression: Expression, fixed: Map<string, string>): void {
  if (expression.kind !== 'binary') return;
  const { operator, left, right } = expression;
  if (operator === 'and') {
    collect(left, fixed);
    collect(right, fixed);
    return;
  }
  const [name, ...deeper] = left.kind === 'path' ? left.names : [];
  const isText = right.kind === 'literal' && (right.type === 'string' || right.type === 'guid');
  if (operator === 'eq' && name !== undefined && deeper.length === 0 && isText)
    fixed.set(name.toLowerCase(), right.text);
}
