import { foldText } from '../storage/collation.ts';

type Part = { any: true } | { any: false; matches: (character: string) => boolean };

const anyCharacter = () => true;

/**
 * Compiles a pattern of SQL's `LIKE`, in which the text operators of the Web API speak: `%` stands for any
 * characters, `_` for one, `[a-f]` for one of a set, `[^a-f]` for one outside it. Case and
 * accents are ignored; a letter that is two for the database (ß, æ) counts as two.
 * Takes time in proportion to text × pattern at worst, whatever the pattern.
 */
export function compileLikePattern(pattern: string): (text: string) => boolean {
  const parts = parsePattern(foldText(pattern));
  return (text) => matches(parts, Array.from(foldText(text)));
}

function parsePattern(pattern: string): Part[] {
  const parts: Part[] = [];
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    const close = character === '[' ? characters.indexOf(']', index + 2) : -1;
    if (character === '%') parts.push({ any: true });
    else if (character === '_') parts.push({ any: false, matches: anyCharacter });
    else if (close > 0) {
      parts.push({ any: false, matches: parseSet(characters.slice(index + 1, close)) });
      index = close;
    } else parts.push({ any: false, matches: (candidate) => candidate === character });
  }
  return parts;
}

function parseSet(content: string[]): (character: string) => boolean {
  const negated = content[0] === '^' && content.length > 1;
  const members = negated ? content.slice(1) : content;
  const ranges: (readonly [string, string])[] = [];
  for (let index = 0; index < members.length; index += 1) {
    const low = members[index] ?? '';
    const high = members[index + 1] === '-' ? members[index + 2] : undefined;
    ranges.push([low, high ?? low]);
    if (high !== undefined) index += 2;
  }
  return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== negated;
}

/** Greedy matching that, on a mismatch, lets the last `%` swallow one character more. */
function matches(parts: readonly Part[], text: readonly string[]): boolean {
  let part = 0;
  let position = 0;
  let lastAny = -1;
  let resumeAt = 0;
  while (position < text.length) {
    const current = parts[part];
    if (current?.any) {
      lastAny = part;
      resumeAt = position;
      part += 1;
    } else if (current?.matches(text[position] ?? '')) {
      part += 1;
      position += 1;
    } else if (lastAny >= 0) {
      resumeAt += 1;
      position = resumeAt;
      part = lastAny + 1;
    } else return false;
  }
  return parts.slice(part).every((rest) => rest.any);
}
