/**
 * A GUID as Microsoft writes it, as the source of a regular expression: 8-4-4-4-12 hexadecimal digits with no braces
 * and no version asked for (Microsoft's own well-known ids have none). To be put into a larger expression; use the `i`
 * flag where upper case may come.
 */
export const guidPattern = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const guid = new RegExp(`^${guidPattern}$`, 'i');

/** Tells whether the text is a GUID and nothing else, in either case. */
export function isGuid(text: string): boolean {
  return guid.test(text);
}
