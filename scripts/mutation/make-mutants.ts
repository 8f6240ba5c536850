import { parseSync } from 'oxc-parser';

/** One small fault that the tests ought to notice. */
export interface Mutant {
  /** Unlike every other of a run, from 1. */
  id: number;
  /** From the checkout's root, with forward slashes. */
  file: string;
  line: number;
  /** What stands in the source and what it became, short enough to be printed. */
  change: string;
  /** The expression that is chosen as a whole, as offsets in the source. */
  start: number;
  end: number;
  /** What stands in its place. */
  text: string;
}

/** ESTree as the parser gives it: fields differ by type, so each is looked at before it is used. */
interface SyntaxNode {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

interface Place {
  parent: SyntaxNode | null;
  /** The whole optional chain (`a?.b.c()`) whose links are being walked: only all of it may be replaced. */
  chain: SyntaxNode | null;
}

/** Texts for people: a test that pins prose is of little use, so their words are left alone. */
const proseProperties = new Set(['description', 'detail', 'hint', 'message', 'remedy', 'summary', 'title']);
const proseCalls = /\.(describe|meta)$/;
const logCalls = /(^|\.)(log|logger|console)\??\.\w+$/;

const oppositeEquality = new Map(Object.entries({ '===': '!==', '!==': '===', '==': '!=', '!=': '==' }));
const boundary = new Map(Object.entries({ '<': '<=', '<=': '<', '>': '>=', '>=': '>' }));
const oppositeOrder = new Map(Object.entries({ '<': '>=', '<=': '>', '>': '<=', '>=': '<' }));
const otherArithmetic = new Map(Object.entries({ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*' }));
const otherAssignment = new Map(Object.entries({ '+=': '-=', '-=': '+=', '??=': '=', '||=': '=' }));
const droppedMethods = new Set([
  'toLowerCase',
  'toUpperCase',
  'trim',
  'filter',
  'sort',
  'toSorted',
  'reverse',
  'slice',
]);
const otherMethods = new Map(
  Object.entries({
    some: 'every',
    every: 'some',
    startsWith: 'endsWith',
    endsWith: 'startsWith',
    min: 'max',
    max: 'min',
  }),
);
/** Small numbers count things, so the next one is a fault; larger ones measure, where one more is no matter. */
const largestCount = 10;

/**
 * Lists the faults that can be made in one source file, in the order of the source. Types, comments, log calls,
 * and prose are left alone.
 *
 * @param firstId the number of the first one
 * @throws when the source can't be parsed
 */
export function makeMutants(file: string, source: string, firstId = 1): Mutant[] {
  const parsed = parseSync(file, source);
  const problem = parsed.errors[0];
  if (problem) throw new Error(`${file} can't be parsed: ${problem.message}`);
  const mutants: Omit<Mutant, 'id'>[] = [];
  const textOf = (node: SyntaxNode) => source.slice(node.start, node.end);

  /** Notes that `edited` becomes `text`; what is chosen at run time is all of `whole`. */
  function add(whole: SyntaxNode, edited: { start: number; end: number }, text: string): void {
    const before = source.slice(edited.start, edited.end);
    mutants.push({
      file,
      line: source.slice(0, edited.start).split('\n').length,
      change: `${shorten(before)} → ${shorten(text) || '(nothing)'}`,
      start: whole.start,
      end: whole.end,
      text: source.slice(whole.start, edited.start) + text + source.slice(edited.end, whole.end),
    });
  }

  /** The operator between two operands; comments between them are not operators. */
  function operatorBetween(left: SyntaxNode, right: SyntaxNode, operator: string) {
    const start = source.indexOf(operator, left.end);
    return start >= 0 && start < right.start ? { start, end: start + operator.length } : null;
  }

  function mutateCondition(test: SyntaxNode, mayHold: boolean): void {
    const inner = withoutParentheses(test);
    const operator = inner.type === 'LogicalExpression' ? inner.operator : null;
    // Where the operands are dropped one by one, the weaker of the two says nothing new.
    if (mayHold && operator !== '&&') add(test, test, 'true');
    if (operator !== '||') add(test, test, 'false');
  }

  function mutate(node: SyntaxNode, { parent, chain }: Place): void {
    const whole = chain ?? node;
    switch (node.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        mutateCondition(nodeIn(node, 'test'), true);
        return;
      case 'WhileStatement':
      case 'DoWhileStatement':
        mutateCondition(nodeIn(node, 'test'), false);
        return;
      case 'ForStatement':
        if (isNode(node.test)) mutateCondition(node.test, false);
        return;
      case 'LogicalExpression': {
        const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
        add(whole, node, textOf(left));
        add(whole, node, textOf(right));
        if (node.operator === '??') return;
        const sign = operatorBetween(left, right, String(node.operator));
        if (sign) add(whole, sign, node.operator === '&&' ? '||' : '&&');
        return;
      }
      case 'BinaryExpression': {
        const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
        const operator = String(node.operator);
        const sign = operatorBetween(left, right, operator);
        const replaceSign = (other: string | undefined) => {
          if (sign && other) add(whole, sign, other);
        };
        replaceSign(boundary.get(operator));
        if (!isCondition(node, parent)) {
          replaceSign(oppositeEquality.get(operator) ?? oppositeOrder.get(operator));
        }
        const joinsTexts = operator === '+' && [left, right].some(isText);
        if (!joinsTexts) replaceSign(otherArithmetic.get(operator));
        return;
      }
      case 'UnaryExpression':
        if (node.operator === '!' && !isCondition(node, parent))
          add(whole, node, textOf(nodeIn(node, 'argument')));
        return;
      case 'AssignmentExpression': {
        const operator = String(node.operator);
        const sign = operatorBetween(nodeIn(node, 'left'), nodeIn(node, 'right'), operator);
        const other = otherAssignment.get(operator);
        if (sign && other) add(whole, sign, other);
        return;
      }
      case 'ExpressionStatement': {
        const expression = nodeIn(node, 'expression');
        if (node.directive == null && hasEffect(expression)) add(expression, expression, 'undefined');
        return;
      }
      case 'CallExpression': {
        const callee = nodeIn(node, 'callee');
        if (callee.type !== 'MemberExpression' || callee.computed === true) return;
        const property = nodeIn(callee, 'property');
        const name = textOf(property);
        if (droppedMethods.has(name) && callee.optional !== true)
          add(whole, node, textOf(nodeIn(callee, 'object')));
        const other = otherMethods.get(name);
        if (other) add(whole, property, other);
        return;
      }
      case 'MemberExpression':
        if (node.optional === true && chain) {
          const sign = source.indexOf('?.', nodeIn(node, 'object').end);
          add(chain, { start: sign, end: sign + 2 }, node.computed === true ? '' : '.');
        }
        return;
      case 'ArrayExpression':
        if (Array.isArray(node.elements) && node.elements.length > 0) add(whole, node, '[]');
        return;
      case 'TemplateLiteral':
        add(whole, node, '``');
        return;
      case 'Literal':
        mutateLiteral(node, parent);
    }
  }

  function mutateLiteral(node: SyntaxNode, parent: SyntaxNode | null): void {
    const { value } = node;
    const isCompared = parent?.type === 'BinaryExpression' && parent.operator !== '+';
    if (node.regex != null) mutatePattern(node);
    if (typeof value === 'boolean') add(node, node, String(!value));
    // A comparison's own faults say already what another operand would say.
    if (isCompared && !otherArithmetic.has(String(parent?.operator))) return;
    if (typeof value === 'string') add(node, node, value === '' ? "'mutant'" : "''");
    if (typeof value === 'number') add(node, node, String(value <= largestCount ? value + 1 : value * 2));
  }

  /** A pattern without its anchors or its flag takes too much or too little. */
  function mutatePattern(node: SyntaxNode): void {
    const text = textOf(node);
    const close = text.lastIndexOf('/');
    const [pattern, flags] = [text.slice(1, close), text.slice(close + 1)];
    if (pattern.startsWith('^') && pattern.length > 1) add(node, node, `/${pattern.slice(1)}/${flags}`);
    if (/[^\\]\$$/.test(pattern)) add(node, node, `/${pattern.slice(0, -1)}/${flags}`);
    if (flags.includes('i')) add(node, node, `/${pattern}/${flags.replace('i', '')}`);
  }

  function visit(node: SyntaxNode, place: Place): void {
    if (isLeftAlone(node, place.parent, textOf)) return;
    if (node.type.startsWith('TS')) {
      // `as`, `satisfies` and `!` hold an expression; all else of theirs is type-only.
      if (isNode(node.expression)) visit(node.expression, { parent: node, chain: place.chain });
      return;
    }
    if (!isProse(node, place.parent)) mutate(node, place);
    for (const [field, value] of Object.entries(node)) {
      if (isSkippedField(node, field)) continue;
      const isLink = field === 'object' || field === 'callee' || node.type === 'ChainExpression';
      const chain = node.type === 'ChainExpression' ? node : isLink ? place.chain : null;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) visit(child, { parent: node, chain });
      }
    }
  }

  const program: unknown = parsed.program;
  if (isNode(program)) visit(program, { parent: null, chain: null });
  return mutants
    .sort((one, other) => one.start - other.start || other.end - one.end)
    .map((mutant, index) => ({ id: firstId + index, ...mutant }));
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}

function nodeIn(node: SyntaxNode, field: string): SyntaxNode {
  const value = node[field];
  if (!isNode(value)) throw new Error(`A ${node.type} without ${field} is no syntax that the parser gives.`);
  return value;
}

function withoutParentheses(node: SyntaxNode): SyntaxNode {
  return node.type === 'ParenthesizedExpression' ? withoutParentheses(nodeIn(node, 'expression')) : node;
}

/** Whether the node is tested as it stands, so that its parent's faults (true, false, an operand less) cover its opposite. */
function isCondition(node: SyntaxNode, parent: SyntaxNode | null): boolean {
  if (!parent) return false;
  return parent.test === node || parent.type === 'LogicalExpression';
}

function isText(node: SyntaxNode): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}

function hasEffect(node: SyntaxNode): boolean {
  if (node.type === 'AwaitExpression' || (node.type === 'UnaryExpression' && node.operator === 'void')) {
    return hasEffect(nodeIn(node, 'argument'));
  }
  if (node.type === 'ChainExpression') return hasEffect(nodeIn(node, 'expression'));
  if (node.type === 'CallExpression') return nodeIn(node, 'callee').type !== 'Super';
  return ['AssignmentExpression', 'UpdateExpression'].includes(node.type) || node.operator === 'delete';
}

function isSkippedField(node: SyntaxNode, field: string): boolean {
  if (
    ['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments', 'superTypeArguments'].includes(field)
  )
    return true;
  if (field === 'key') return node.computed !== true;
  // What is assigned to, counted up or deleted must stay a reference.
  if (field === 'left') return node.type.startsWith('Assign') || node.type.startsWith('For');
  return field === 'argument' && (node.type === 'UpdateExpression' || node.operator === 'delete');
}

function isLeftAlone(
  node: SyntaxNode,
  parent: SyntaxNode | null,
  textOf: (node: SyntaxNode) => string,
): boolean {
  if (node.type === 'CallExpression') {
    const callee = textOf(nodeIn(node, 'callee'));
    return logCalls.test(callee);
  }
  if (parent?.type === 'CallExpression' && node.type === 'Literal')
    return proseCalls.test(textOf(nodeIn(parent, 'callee')));
  if (node.type === 'ExpressionStatement' && isNode(node.expression))
    return isLogCall(node.expression, textOf);
  return (
    node.type === 'ImportDeclaration' ||
    node.type === 'ImportExpression' ||
    node.type === 'ExportAllDeclaration' ||
    (node.type === 'ExportNamedDeclaration' && node.source != null) ||
    node.type === 'TaggedTemplateExpression' ||
    node.type === 'JSXAttribute'
  );
}

function isLogCall(node: SyntaxNode, textOf: (node: SyntaxNode) => string): boolean {
  if (node.type === 'ChainExpression') return isLogCall(nodeIn(node, 'expression'), textOf);
  return node.type === 'CallExpression' && logCalls.test(textOf(nodeIn(node, 'callee')));
}

/** Whether a text is read by people alone; what is filled into it is looked at all the same. */
function isProse(node: SyntaxNode, parent: SyntaxNode | null): boolean {
  if (!parent || !isText(node)) return false;
  if (parent.type === 'NewExpression') return isPlainError(parent.callee);
  return parent.type === 'Property' && isNode(parent.key) && proseProperties.has(String(parent.key.name));
}

/** `Error` and its siblings of the language; our own errors take codes, which matter. */
function isPlainError(node: unknown): boolean {
  return isNode(node) && /^(Type|Range|Syntax|Aggregate)?Error$/.test(String(node.name));
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
