import type { EventPageRequest, HubEvent, Page } from '@latchkey/api';
import type { CallOptions, HubTransport } from './hub-transport.ts';

/** Reads a page of a timeline, the newest first. @param path of the timeline */
export function readTimeline(
  transport: HubTransport,
  path: string,
  { kinds, ...page }: EventPageRequest,
  options: CallOptions,
): Promise<Page<HubEvent>> {
  const query = { ...page, ...(kinds !== undefined && { kind: kinds.join(',') }) };
  return transport.json<Page<HubEvent>>({ method: 'GET', path, query, ...options });
}
