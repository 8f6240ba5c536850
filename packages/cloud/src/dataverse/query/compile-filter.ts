import type { BinaryExpression, CallExpression, Expression } from '../../odata/expression.ts';
import { DataverseError, notAvailable } from '../errors/dataverse-error.ts';
import type { StoredRecord } from '../storage/record-store.ts';
import { type Comparable, compareValues } from './comparable.ts';
import {
  compileOperand,
  type Operand,
  type QueryScope,
  refuseCall,
  resolveAlias,
  unsupported,
} from './compile-operand.ts';
import { compileLikePattern } from './like-pattern.ts';

/** SQL's three truths: undefined is UNKNOWN, which `not` leaves as it is and a filter does not let through. */
type Truth = boolean | undefined;
type Predicate = (record: StoredRecord) => Truth;

const comparisons = {
  eq: { name: 'Equal', holds: (difference: number) => difference === 0 },
  ne: { name: 'NotEqual', holds: (difference: number) => difference !== 0 },
  gt: { name: 'GreaterThan', holds: (difference: number) => difference > 0 },
  ge: { name: 'GreaterThanOrEqual', holds: (difference: number) => difference >= 0 },
  lt: { name: 'LessThan', holds: (difference: number) => difference < 0 },
  le: { name: 'LessThanOrEqual', holds: (difference: number) => difference <= 0 },
} as const;

const edmTypes = {
  text: 'Edm.String',
  number: 'Edm.Decimal',
  boolean: 'Edm.Boolean',
  guid: 'Edm.Guid',
  moment: 'Edm.DateTimeOffset',
  null: 'Edm.Null',
} as const;

const patterns: Readonly<Record<string, (text: string) => string>> = {
  contains: (text) => `%${text}%`,
  startswith: (text) => `${text}%`,
  endswith: (text) => `%${text}`,
};

/**
 * Compiles a `$filter` into a test of one row.
 *
 * @throws DataverseError 400 for names, types and operators that Dataverse refuses; 501 for parts of its
 *   language that are not built yet
 */
export function compileFilter(scope: QueryScope, expression: Expression): (record: StoredRecord) => boolean {
  const predicate = compilePredicate(scope, expression);
  return (record) => predicate(record) === true;
}

function compilePredicate(scope: QueryScope, expression: Expression): Predicate {
  switch (expression.kind) {
    case 'binary':
      return compileBinary(scope, expression);
    case 'unary': {
      if (expression.operator !== 'not') throw unsupported(expression);
      const operand = compilePredicate(scope, expression.operand);
      return (record) => negate(operand(record));
    }
    case 'call':
      return compileTextCall(scope, expression);
    case 'lambda':
      throw notAvailable(`The lambda operator '${expression.operator}'`);
    case 'alias':
      return compilePredicate(scope, resolveAlias(scope, expression.name));
    case 'path':
    case 'literal':
      return compileTruthValue(compileOperand(scope, expression), expression);
    default:
      throw unsupported(expression);
  }
}

function compileBinary(scope: QueryScope, expression: BinaryExpression): Predicate {
  const { operator } = expression;
  switch (operator) {
    case 'and':
    case 'or': {
      const left = compilePredicate(scope, expression.left);
      const right = compilePredicate(scope, expression.right);
      // What decides alone: false for `and`, true for `or`; otherwise UNKNOWN wins over the rest.
      const deciding = operator === 'or';
      return (record) => {
        const first = left(record);
        if (first === deciding) return deciding;
        const second = right(record);
        if (second === deciding) return deciding;
        return first === undefined || second === undefined ? undefined : !deciding;
      };
    }
    case 'eq':
    case 'ne':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return compileComparison(
        operator,
        compileOperand(scope, expression.left),
        compileOperand(scope, expression.right),
      );
    default:
      throw unsupported(expression);
  }
}

function compileComparison(operator: keyof typeof comparisons, left: Operand, right: Operand): Predicate {
  if (left.kind === 'null' || right.kind === 'null') return compileNullTest(operator, left, right);
  const { name, holds } = comparisons[operator];
  if (left.kind !== right.kind) {
    throw new DataverseError(
      'badQuery',
      `A binary operator with incompatible types was detected. Found operand types '${edmTypes[left.kind]}' and '${edmTypes[right.kind]}' for operator kind '${name}'.`,
    );
  }
  const whenNull = truthOfNull(operator, left, right);
  const matches = compileWildcards(operator, left, right);
  if (matches) {
    return (record) => {
      const value = valueFor(left.source === 'property' ? left : right, record);
      return typeof value === 'string' ? matches(value) === (operator === 'eq') : whenNull;
    };
  }
  return (record) => {
    const first = valueFor(left, record);
    const second = valueFor(right, record);
    return first === null || second === null ? whenNull : holds(compareValues(first, second));
  };
}

/** @returns what a column's text is matched with when `eq` or `ne` compares it with a value that has wildcards of SQL in it */
function compileWildcards(
  operator: keyof typeof comparisons,
  left: Operand,
  right: Operand,
): ((text: string) => boolean) | null {
  const constant = left.source === 'constant' ? left : right;
  const isOfColumn = left.source === 'property' || right.source === 'property';
  if (constant.source !== 'constant' || constant.kind !== 'text' || !isOfColumn) return null;
  const pattern = String(constant.value);
  const isPattern = ['eq', 'ne'].includes(operator) && /[%_[]/.test(pattern);
  return isPattern ? compileLikePattern(pattern) : null;
}

/**
 * Dataverse turns `column ne value` into `column <> value or column is null`, so that an empty column differs
 * from every value, and `eq` is its exact opposite. Order against nothing, and one empty column against
 * another, stay UNKNOWN as in SQL.
 */
function truthOfNull(operator: keyof typeof comparisons, left: Operand, right: Operand): Truth {
  if (left.source === 'property' && right.source === 'property') return undefined;
  if (operator === 'eq') return false;
  return operator === 'ne' ? true : undefined;
}

function compileNullTest(operator: keyof typeof comparisons, left: Operand, right: Operand): Predicate {
  const tested = left.kind === 'null' ? right : left;
  if (operator === 'eq') return (record) => valueFor(tested, record) === null;
  if (operator === 'ne') return (record) => valueFor(tested, record) !== null;
  return () => undefined;
}

/** A property of yes and no stands for itself: `creditonhold` is `creditonhold eq true`. */
function compileTruthValue(operand: Operand, expression: Expression): Predicate {
  if (operand.kind !== 'boolean') throw unsupported(expression);
  return (record) => valueFor(operand, record) === true;
}

function compileTextCall(scope: QueryScope, call: CallExpression): Predicate {
  const patternOf = Object.hasOwn(patterns, call.name) ? patterns[call.name] : undefined;
  const [subject, searched, ...rest] = call.arguments;
  if (!patternOf || call.target.length > 0) throw refuseCall(call.name);
  if (!subject || !searched || rest.length > 0 || subject.name !== null || searched.name !== null) {
    throw new DataverseError(
      'badQuery',
      `No function signature for the function with name '${call.name}' matches the specified arguments.`,
    );
  }
  const property = compileOperand(scope, subject.value);
  const constant = compileOperand(scope, searched.value);
  if (property.source !== 'property' || property.kind !== 'text' || constant.source !== 'constant') {
    throw unsupported(call);
  }
  if (constant.kind !== 'text') throw unsupported(call);
  const matches = compileLikePattern(patternOf(String(constant.value)));
  return (record) => {
    const value = property.read(record);
    return typeof value === 'string' && matches(value);
  };
}

function valueFor(operand: Operand, record: StoredRecord): Comparable | null {
  return operand.source === 'constant' ? operand.value : operand.read(record);
}

function negate(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}
