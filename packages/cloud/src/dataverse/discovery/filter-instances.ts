import type {
  BinaryExpression,
  CallExpression,
  Expression,
  LiteralExpression,
} from '../../odata/expression.ts';
import { DataverseError, notAvailable } from '../errors/dataverse-error.ts';
import {
  type EdmType,
  type Instance,
  type InstanceProperty,
  instanceTypes,
  isInstanceProperty,
} from './instance.ts';

type Test = (instance: Instance) => boolean;

const comparisons: Readonly<Record<string, (left: Comparable, right: Comparable) => boolean>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  gt: (left, right) => left !== null && right !== null && left > right,
  ge: (left, right) => left !== null && right !== null && left >= right,
  lt: (left, right) => left !== null && right !== null && left < right,
  le: (left, right) => left !== null && right !== null && left <= right,
};

const textFunctions: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

/** The literals that a property of a type is compared with. */
const literalTypes: Readonly<Record<EdmType, readonly LiteralExpression['type'][]>> = {
  'Edm.String': ['string'],
  'Edm.Guid': ['guid'],
  'Edm.Boolean': ['boolean'],
  'Edm.Int32': ['integer'],
  'Edm.DateTimeOffset': ['dateTime', 'date'],
};

type Comparable = string | number | boolean | null;

/**
 * Compiles a `$filter` on instances: comparisons of a property with a literal, `and`, `or`, `not`, `contains`,
 * `startswith`, `endswith`. Unlike the Web API's, its texts are case-sensitive (Dataverse "Discover user
 * organizations").
 *
 * @throws DataverseError 400 for what can't be compared, 501 for other operators and functions
 */
export function compileInstanceFilter(expression: Expression): Test {
  switch (expression.kind) {
    case 'unary':
      return negated(expression.operator, compileInstanceFilter(expression.operand));
    case 'binary':
      return compileBinary(expression);
    case 'call':
      return compileCall(expression);
    case 'path': {
      const property = propertyOf(expression);
      if (instanceTypes[property] === 'Edm.Boolean') return (instance) => instance[property] === true;
      throw incompatible();
    }
    default:
      throw incompatible();
  }
}

function negated(operator: 'not' | 'negate', test: Test): Test {
  if (operator === 'negate') throw incompatible();
  return (instance) => !test(instance);
}

function compileBinary({ operator, left, right }: BinaryExpression): Test {
  if (operator === 'and' || operator === 'or') {
    const [first, second] = [compileInstanceFilter(left), compileInstanceFilter(right)];
    return operator === 'and'
      ? (instance) => first(instance) && second(instance)
      : (instance) => first(instance) || second(instance);
  }
  const compare = comparisons[operator];
  if (!compare) throw notAvailable(`The operator '${operator}'`);
  if (left.kind === 'path' && right.kind === 'literal') {
    const property = propertyOf(left);
    const value = contentOf(right, instanceTypes[property]);
    return (instance) => compare(comparable(instance, property), value);
  }
  if (left.kind === 'literal' && right.kind === 'path') {
    const property = propertyOf(right);
    const value = contentOf(left, instanceTypes[property]);
    return (instance) => compare(value, comparable(instance, property));
  }
  throw incompatible();
}

function compileCall({ name, target, arguments: given }: CallExpression): Test {
  const judge = Object.hasOwn(textFunctions, name) ? textFunctions[name] : undefined;
  if (!judge || target.length > 0) throw notAvailable(`The function '${name}'`);
  const [subject, part, ...rest] = given.map(({ value }) => value);
  if (subject?.kind !== 'path' || part?.kind !== 'literal' || rest.length > 0) throw incompatible();
  const property = propertyOf(subject);
  if (instanceTypes[property] !== 'Edm.String' || part.type !== 'string') throw incompatible();
  return (instance) => judge(String(instance[property] ?? ''), part.text);
}

/** @throws DataverseError 400 for a name that instances don't have */
export function propertyOf({ names }: { names: readonly string[] }): InstanceProperty {
  const name = names.join('/');
  if (isInstanceProperty(name)) return name;
  throw new DataverseError('badQuery', `Could not find a property named '${name}' on type 'Instance'.`);
}

/** A literal's value as instances hold it; moments as epoch milliseconds. @throws DataverseError 400 */
export function contentOf({ type, text }: LiteralExpression, wanted: EdmType): Comparable {
  if (type === 'null') return null;
  if (!literalTypes[wanted].includes(type)) throw incompatible();
  if (wanted === 'Edm.Boolean') return text === 'true';
  if (wanted === 'Edm.Int32') return Number(text);
  if (wanted === 'Edm.DateTimeOffset') return Date.parse(text);
  return wanted === 'Edm.Guid' ? text.toLowerCase() : text;
}

export function comparable(instance: Instance, property: InstanceProperty): Comparable {
  const value = instance[property];
  return instanceTypes[property] === 'Edm.DateTimeOffset' && typeof value === 'string'
    ? Date.parse(value)
    : value;
}

function incompatible(): DataverseError {
  return new DataverseError(
    'badQuery',
    'The $filter can not be evaluated: it compares a property of Instance with a literal of its type, by eq, ne, gt, ge, lt, le, contains, startswith or endswith.',
  );
}
