/**
 * How the database of an environment compares text. One of language 1033 has the collation `Latin1_General_CI_AI`:
 * neither case nor accents nor width tell texts apart, and a ligature is the letters that it stands for.
 */

/** Letters that Unicode does not take apart, and the sigma that ends a word. */
const plainLetters: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ħ', 'h'],
  ['ς', 'σ'],
]);
const wholeLetters = new RegExp(`[${[...plainLetters.keys()].join('')}]`, 'g');
const plainText = /^[\x20-\x7e]*$/;
/** A mark on nothing (`´` is a blank with an accent) stays: it is a sign of its own. */
const accents = /(?<!\s)\p{Mn}+/gu;

const collator = new Intl.Collator('en');

/** The form of a text in which the database compares it: texts with the same form are equal. */
export function foldText(text: string): string {
  if (plainText.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(accents, '')
    .toLowerCase()
    .replace(wholeLetters, (letter) => plainLetters.get(letter) ?? letter);
}

/** Negative, zero or positive, as for `Array.sort`; zero for texts that the database holds for equal. */
export function compareTexts(left: string, right: string): number {
  return collator.compare(foldText(left), foldText(right));
}
