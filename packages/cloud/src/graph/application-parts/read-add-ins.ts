import { stableGuid } from '../../directory/stable-guid.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { readGuid, readList, readRecord, readText, readTextOrNull } from '../operation/read-body.ts';

const maximumTextLength = 1024;

/** Reads the add-ins of an application or a service principal; one without an id gets one. @throws GraphError 400 */
export function readAddIns(value: unknown, property: string): GraphResource[] {
  return readList(value, property, (item) => {
    const given = readRecord(item, property, ['id', 'type', 'properties']);
    const type = readText(given.type, `${property}.type`, maximumTextLength);
    const properties = readList(given.properties ?? [], `${property}.properties`, readPair);
    return {
      id:
        given.id == null
          ? stableGuid(`add-in:${JSON.stringify([type, properties])}`)
          : readGuid(given.id, `${property}.id`),
      type,
      properties,
    };
  });
}

function readPair(item: unknown, property: string): GraphResource {
  const pair = readRecord(item, property, ['key', 'value']);
  return {
    key: readText(pair.key, `${property}.key`, maximumTextLength),
    value: readTextOrNull(pair.value ?? null, `${property}.value`, maximumTextLength),
  };
}
