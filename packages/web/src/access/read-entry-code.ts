/**
 * The code of a one-time link, `/enter#code=…`. It stands in the fragment since that is sent to no server
 * and ends up in no log. Null when there is none.
 */
export function readEntryCode(fragment: string): string | null {
  const code = new URLSearchParams(fragment.replace(/^#/, '')).get('code');
  return code === null || code === '' ? null : code;
}
