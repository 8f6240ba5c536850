import type { Argument, Expression } from './expression.ts';

/** Writes an expression as OData text that parses back to the same tree; error messages quote it. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return printLiteral(expression.type, expression.text);
    case 'enum':
      return `${expression.typeName}${quote(expression.value)}`;
    case 'path':
      return expression.names.join('/');
    case 'alias':
      return expression.name;
    case 'call':
      return `${[...expression.target, expression.name].join('/')}(${printArguments(expression.arguments)})`;
    case 'lambda': {
      const { condition } = expression;
      const body = condition ? `${condition.variable}:${printExpression(condition.predicate)}` : '';
      return `${[...expression.source, expression.operator].join('/')}(${body})`;
    }
    case 'unary':
      return `${expression.operator === 'not' ? 'not ' : '- '}${printOperand(expression.operand)}`;
    case 'binary': {
      const { operator, left, right } = expression;
      const printedRight =
        operator === 'in' && right.kind === 'list' ? `(${printItems(right.items)})` : printOperand(right);
      return `${printOperand(left)} ${operator} ${printedRight}`;
    }
    case 'list':
      return `[${printItems(expression.items)}]`;
    default:
      return `{${expression.entries.map(({ name, value }) => `${quote(name)}:${printExpression(value)}`).join(',')}}`;
  }
}

/** Parentheses around every compound operand: always right, whatever the precedences. */
function printOperand(operand: Expression): string {
  const printed = printExpression(operand);
  return operand.kind === 'binary' || operand.kind === 'unary' ? `(${printed})` : printed;
}

function printItems(items: Expression[]): string {
  return items.map(printExpression).join(',');
}

function printArguments(parsed: Argument[]): string {
  return parsed
    .map(({ name, value }) => (name === null ? printExpression(value) : `${name}=${printExpression(value)}`))
    .join(',');
}

function printLiteral(type: string, text: string): string {
  if (type === 'string') return quote(text);
  if (type === 'duration' || type === 'binary') return `${type}${quote(text)}`;
  return text;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
