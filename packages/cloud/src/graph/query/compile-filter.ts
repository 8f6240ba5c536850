import type { BinaryOperator, Expression } from '../../odata/expression.ts';
import { ODataSyntaxError } from '../../odata/odata-syntax-error.ts';
import { parseExpressionText } from '../../odata/parse-expression.ts';
import { GraphError } from '../errors/graph-error.ts';
import { findName, readProperty } from '../operation/find-name.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

export type Predicate = (resource: GraphResource) => boolean;
type Comparable = string | number | boolean | null;

/** How two moments, or two texts, are compared. */
const orderings: Partial<Record<BinaryOperator, <T extends number | string>(a: T, b: T) => boolean>> = {
  ge: (a, b) => a >= b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  lt: (a, b) => a < b,
};

interface Scope {
  type: ResourceType;
  /** Names that a path may begin with: the type's properties and the lambda variables around it. */
  names: ReadonlySet<string>;
  /** `ne`, `not` and `endswith` need an advanced query (concepts/aad-advanced-queries). */
  advanced: boolean;
}

/**
 * Makes a test of a directory object from a filter: `eq`, `ne`, `in`, `not`, `and`, `or`, `ge` and `le` of moments and texts,
 * `startswith`, `endswith`, `any`, and `/$count` of a collection. Text is compared as the directory does, whatever
 * the case.
 *
 * @throws GraphError 400 when it asks for what Graph doesn't filter by
 */
export function compileFilter(expression: Expression, type: ResourceType, advanced: boolean): Predicate {
  return compile(expression, { type, advanced, names: new Set(type.properties) });
}

/** Reads the text of `$filter`. @throws GraphError 400 when it can't be read */
export function parseFilter(source: string): Expression {
  try {
    return parseExpressionText(source, 'any_case');
  } catch (error) {
    if (!(error instanceof ODataSyntaxError)) throw error;
    throw new GraphError(400, 'BadRequest', `Invalid filter clause: ${error.message}`);
  }
}

function compile(expression: Expression, scope: Scope): Predicate {
  switch (expression.kind) {
    case 'binary':
      return compileBinary(expression, scope);
    case 'unary': {
      if (expression.operator !== 'not' || !scope.advanced) throw unsupported(scope);
      const operand = compile(expression.operand, scope);
      return (resource) => !operand(resource);
    }
    case 'call':
      return compileCall(expression, scope);
    case 'lambda':
      return compileAny(expression, scope);
    case 'path': {
      const read = compilePath(expression, scope);
      return (resource) => read(resource) === true;
    }
    default:
      throw unsupported(scope);
  }
}

function compileBinary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Predicate {
  const { operator, left, right } = expression;
  if (operator === 'and' || operator === 'or') {
    const [first, second] = [compile(left, scope), compile(right, scope)];
    return operator === 'and'
      ? (resource) => first(resource) && second(resource)
      : (resource) => first(resource) || second(resource);
  }
  const read = compilePath(left, scope);
  if (operator === 'in' && right.kind === 'list') {
    const values = right.items.map((item) => literal(item, scope));
    return (resource) => values.some((value) => equal(read(resource), value));
  }
  const ordering = orderings[operator];
  if (ordering) return compareInOrder(read, right, ordering, scope);
  const value = literal(right, scope);
  if (operator === 'eq') return (resource) => equal(read(resource), value);
  if (operator === 'ne' && scope.advanced) return (resource) => !equal(read(resource), value);
  throw unsupported(scope);
}

function compareInOrder(
  read: (resource: GraphResource) => unknown,
  right: Expression,
  ordering: <T extends number | string>(a: T, b: T) => boolean,
  scope: Scope,
): Predicate {
  if (right.kind !== 'literal') throw unsupported(scope);
  if (right.type === 'string') {
    const wanted = right.text.toLowerCase();
    return (resource) => {
      const actual = read(resource);
      return typeof actual === 'string' && ordering(actual.toLowerCase(), wanted);
    };
  }
  if (right.type !== 'dateTime' && right.type !== 'date') throw unsupported(scope);
  const wanted = Date.parse(right.text);
  return (resource) => {
    const actual = read(resource);
    return typeof actual === 'string' && ordering(Date.parse(actual), wanted);
  };
}

function compileCall(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Predicate {
  const [subject, part, ...rest] = expression.arguments.map((argument) => argument.value);
  const name = expression.name.toLowerCase();
  const known = name === 'startswith' || (name === 'endswith' && scope.advanced);
  if (!known || !subject || !part || rest.length > 0) throw unsupported(scope);
  const read = compilePath(subject, scope);
  const value = literal(part, scope);
  if (typeof value !== 'string') throw unsupported(scope);
  const wanted = value.toLowerCase();
  return (resource) => {
    const actual = read(resource);
    if (typeof actual !== 'string') return false;
    const text = actual.toLowerCase();
    return name === 'startswith' ? text.startsWith(wanted) : text.endsWith(wanted);
  };
}

/** `servicePrincipalNames/any(n:n eq 'https://…')` */
function compileAny(expression: Extract<Expression, { kind: 'lambda' }>, scope: Scope): Predicate {
  const { condition, operator, source } = expression;
  if (operator !== 'any') throw unsupported(scope);
  const read = compilePath({ ...expression, kind: 'path', names: source }, scope);
  const items = (resource: GraphResource): unknown[] => {
    const value = read(resource);
    return Array.isArray(value) ? value : [];
  };
  if (!condition) return (resource) => items(resource).length > 0;
  const { variable } = condition;
  const inner = compile(condition.predicate, { ...scope, names: new Set([...scope.names, variable]) });
  return (resource) => items(resource).some((item) => inner({ ...resource, [variable]: item }));
}

function compilePath(expression: Expression, scope: Scope): (resource: GraphResource) => unknown {
  if (expression.kind !== 'path') throw unsupported(scope);
  const { names } = expression;
  const [root = ''] = names;
  if (findName(scope.names, root) === undefined) {
    throw new GraphError(
      400,
      'BadRequest',
      `Invalid filter clause: Could not find a property named '${root}' on type 'microsoft.graph.${scope.type.name}'.`,
    );
  }
  // How many there are of a collection is an advanced query as well: `identifierUris/$count eq 0`.
  if (names.at(-1) === '$count' && !scope.advanced) throw unsupported(scope);
  return (resource) => {
    let value: unknown = resource;
    for (const name of names) {
      if (name === '$count') return Array.isArray(value) ? value.length : 0;
      value = readProperty(value, name);
    }
    return value;
  };
}

function literal(expression: Expression, scope: Scope): Comparable {
  if (expression.kind !== 'literal') throw unsupported(scope);
  if (expression.type === 'null') return null;
  if (expression.type === 'boolean') return expression.text === 'true';
  if (expression.type === 'integer') return Number(expression.text);
  return expression.text;
}

function equal(actual: unknown, wanted: Comparable): boolean {
  if (typeof wanted === 'string') {
    return typeof actual === 'string' && actual.toLowerCase() === wanted.toLowerCase();
  }
  return (actual ?? null) === wanted;
}

function unsupported({ type }: Scope): GraphError {
  return new GraphError(
    400,
    'Request_UnsupportedQuery',
    `Unsupported or invalid query filter clause specified for resource '${type.name}'. ` +
      'ne, not and endsWith need $count=true and the header ConsistencyLevel: eventual.',
  );
}
