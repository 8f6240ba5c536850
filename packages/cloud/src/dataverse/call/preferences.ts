/** What a caller asks for in `Prefer` (RFC 7240) that this service heeds. */
export interface Preferences {
  returnRepresentation: boolean;
  /** `odata.maxpagesize`; null when it is not asked for or no positive number. */
  maximumPageSize: number | null;
  /** The list of `odata.include-annotations` as sent, e.g. `*`; null when it is not asked for. */
  includeAnnotations: string | null;
}

/** Reads the header; preferences that are unknown or badly written are passed over, as RFC 7240 §2 demands. */
export function parsePreferences(header: string | undefined): Preferences {
  const preferences = new Map<string, string>();
  const pattern = /([\w.!#$%&'*+^`|~-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;"]+)))?\s*(?:;[^,]*)?(?:,|$)/g;
  for (const [, name = '', quoted, plain] of (header ?? '').matchAll(pattern)) {
    // The first of several with one name counts (RFC 7240 §2).
    const key = name.toLowerCase();
    if (!preferences.has(key)) preferences.set(key, quoted ?? plain ?? '');
  }
  const pageSize = Number(preferences.get('odata.maxpagesize'));
  return {
    returnRepresentation: preferences.get('return') === 'representation',
    maximumPageSize: Number.isInteger(pageSize) && pageSize > 0 ? pageSize : null,
    includeAnnotations: preferences.get('odata.include-annotations') ?? null,
  };
}

/**
 * Whether an annotation is asked for: the list has its name, a name ending in `.*` that covers it, or `*`;
 * an entry that begins with `-` takes out what others let in (OData 4.01 Part 1, 8.2.8.4).
 */
export function includesAnnotation(preferences: Preferences, name: string): boolean {
  const entries = (preferences.includeAnnotations ?? '').split(',').map((entry) => entry.trim());
  const covers = (pattern: string) =>
    pattern === '*' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)));
  if (entries.some((entry) => entry.startsWith('-') && covers(entry.slice(1)))) return false;
  return entries.some(covers);
}
