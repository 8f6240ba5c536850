import { isRecord } from '../../ground/json.ts';
import { GraphError, invalidValue } from '../errors/graph-error.ts';
import type { GraphOperation } from './graph-operation.ts';

/** As deep as Microsoft's OData library reads. */
const greatestDepth = 100;

/** The operation, with what no body may have refused before it is looked at. */
export function withSoundBody(operation: GraphOperation): GraphOperation {
  return {
    ...operation,
    handle: (call) => {
      requireSoundBody(call.body, '', 0);
      return operation.handle(call);
    },
  };
}

/**
 * @param property the path of the value in the body, empty for the body itself
 * @throws GraphError 400 for a property that is there twice, be it in another case (names are not case-sensitive), for
 *   the character U+0000, which no text of a directory has, and for what is nested too deep
 */
function requireSoundBody(value: unknown, property: string, depth: number): void {
  if (depth > greatestDepth) throw unreadable(`It is nested deeper than ${greatestDepth} levels.`);
  if (typeof value === 'string' && value.includes('\0')) {
    throw invalidValue(property, 'It must not have the character U+0000.');
  }
  if (Array.isArray(value)) for (const item of value) requireSoundBody(item, property, depth + 1);
  if (!isRecord(value)) return;
  const seen = new Set<string>();
  for (const [name, part] of Object.entries(value)) {
    const path = property === '' ? name : `${property}.${name}`;
    if (seen.has(name.toLowerCase())) throw unreadable(`The property '${path}' is there more than once.`);
    seen.add(name.toLowerCase());
    requireSoundBody(part, path, depth + 1);
  }
}

function unreadable(reason: string): GraphError {
  return new GraphError(400, 'BadRequest', `Unable to read JSON request payload. ${reason}`);
}
