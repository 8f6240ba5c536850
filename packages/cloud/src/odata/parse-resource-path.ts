import type { Argument } from './expression.ts';
import { parseArguments } from './parse-expression.ts';
import { createTokenCursor } from './tokens.ts';

/** One step of a resource path: `accounts`, `accounts(…)`, `name`, `$value`, `WhoAmI()`. */
export interface PathStep {
  name: string;
  /** What stands in parentheses; null when there are none. */
  arguments: Argument[] | null;
}

/**
 * Reads what stands in a URL after the service root, percent-decoded and without the query, e.g.
 * `accounts(accountnumber='A/1')/name/$value`. A slash at the end is allowed; the root is the empty list.
 *
 * @throws ODataSyntaxError
 */
export function parseResourcePath(source: string): PathStep[] {
  const cursor = createTokenCursor(source);
  const steps: PathStep[] = [];
  while (cursor.peek().kind !== 'end') {
    const { text: name } = cursor.expectKind('name', 'Resource name');
    steps.push({ name, arguments: cursor.at('(') ? parseArguments(cursor).arguments : null });
    if (!cursor.accept('/')) cursor.expectEnd();
  }
  return steps;
}
