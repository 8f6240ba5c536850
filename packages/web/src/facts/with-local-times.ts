const isoTime = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

const inBrowsersZone = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** A sentence of the hub with the times in it as a person reads them: the hub writes ISO 8601, in UTC. */
export function withLocalTimes(sentence: string, format: Intl.DateTimeFormat = inBrowsersZone): string {
  return sentence.replace(isoTime, (time) => format.format(new Date(time)));
}
