import type { EventPageRequest } from '@latchkey/api';

/** @returns which page of a timeline, as its address says it */
export function queryOfEvents({
  kinds,
  ...page
}: EventPageRequest): Record<string, string | number | undefined> {
  return { ...page, ...(kinds !== undefined && { kind: kinds.join(',') }) };
}
