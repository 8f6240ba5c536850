/** Where a node stands in its text: zero-based offsets, the end exclusive. */
interface Span {
  start: number;
  end: number;
}

export type LiteralType =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'string'
  | 'guid'
  | 'date'
  | 'dateTime'
  | 'timeOfDay'
  | 'duration'
  | 'binary';

/** `text` is the literal's content: without quotes and with doubled quotes undone; numbers as written. */
export interface LiteralExpression extends Span {
  kind: 'literal';
  type: LiteralType;
  text: string;
}

/** `Microsoft.Dynamics.CRM.EndpointAccessType'Default'` */
interface EnumExpression extends Span {
  kind: 'enum';
  typeName: string;
  value: string;
}

/** `name`, `primarycontactid/fullname`, `contact_customer_accounts/$count` */
interface PathExpression extends Span {
  kind: 'path';
  names: string[];
}

/** `@p1`, given elsewhere in the query */
interface AliasExpression extends Span {
  kind: 'alias';
  name: string;
}

/** An argument of a call or a key: named (`PropertyName='x'`) or, with a null name, by its place. */
export interface Argument {
  name: string | null;
  value: Expression;
}

/** `contains(name,'x')`, `Microsoft.Dynamics.CRM.In(PropertyName='a',PropertyValues=['1'])` */
export interface CallExpression extends Span {
  kind: 'call';
  /** The path the function is called on; empty for most. */
  target: string[];
  name: string;
  arguments: Argument[];
}

/** `contact_customer_accounts/any(c:c/firstname eq 'x')`; `any()` has neither variable nor predicate. */
interface LambdaExpression extends Span {
  kind: 'lambda';
  source: string[];
  operator: 'any' | 'all';
  condition: { variable: string; predicate: Expression } | null;
}

export interface UnaryExpression extends Span {
  kind: 'unary';
  operator: 'not' | 'negate';
  operand: Expression;
}

export interface BinaryExpression extends Span {
  kind: 'binary';
  operator: BinaryOperator;
  left: Expression;
  right: Expression;
}

/** `('a','b')` after `in`, `['a','b']` elsewhere */
export interface ListExpression extends Span {
  kind: 'list';
  items: Expression[];
}

/** `{'@odata.id':'accounts(…)'}` */
interface RecordExpression extends Span {
  kind: 'record';
  entries: { name: string; value: Expression }[];
}

export type Expression =
  | LiteralExpression
  | EnumExpression
  | PathExpression
  | AliasExpression
  | CallExpression
  | LambdaExpression
  | UnaryExpression
  | BinaryExpression
  | ListExpression
  | RecordExpression;

/** How tightly operators bind, loosest first (OData 4.01 Part 2, 5.1.1.17). `has` and `in` bind as primaries. */
export const bindingPowers = {
  or: 1,
  and: 2,
  eq: 3,
  ne: 3,
  gt: 4,
  ge: 4,
  lt: 4,
  le: 4,
  add: 5,
  sub: 5,
  mul: 6,
  div: 6,
  divby: 6,
  mod: 6,
  has: 8,
  in: 8,
} as const;

/** `not` and `-` bind tighter than every infix operator but `has` and `in`. */
export const unaryBindingPower = 7;

export type BinaryOperator = keyof typeof bindingPowers;
