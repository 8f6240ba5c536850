import { isRecord } from '../../ground/json.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

/** OData JSON Format 4.01 §3.1: how much of the control information an answer carries. */
type MetadataLevel = 'none' | 'minimal' | 'full';

/** What `none` keeps: clients can't go on without it. */
const kept = new Set(['@odata.nextLink', '@odata.count']);

export function readMetadataLevel(accept: string | undefined): MetadataLevel {
  const wanted = accept?.match(/odata\.metadata=(none|minimal|full)/i)?.[1]?.toLowerCase();
  return wanted === 'none' || wanted === 'full' ? wanted : 'minimal';
}

/** Takes away all control information, or adds each object's type and address, as asked. */
export function renderMetadata(
  body: GraphResource,
  level: MetadataLevel,
  { type, serviceRoot }: { type: ResourceType | undefined; serviceRoot: string },
): GraphResource {
  if (level === 'minimal') return body;
  if (level === 'none') return withoutMetadata(body);
  if (!type) return body;
  const describe = (resource: GraphResource) => withFullMetadata(resource, type, serviceRoot);
  const { value } = body;
  return Array.isArray(value) ? { ...body, value: value.map(describe) } : describe(body);
}

function withoutMetadata(resource: GraphResource): GraphResource {
  return Object.fromEntries(
    Object.entries(resource)
      .filter(([name]) => !name.includes('@odata.') || kept.has(name))
      .map(([name, value]) => [name, stripItems(value)]),
  );
}

function stripItems(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => (isRecord(item) ? withoutMetadata(item) : item));
}

function withFullMetadata(resource: GraphResource, type: ResourceType, serviceRoot: string): GraphResource {
  const { '@odata.type': ownType, id } = resource;
  const odataType = typeof ownType === 'string' ? ownType : `#microsoft.graph.${type.name}`;
  const name = odataType.slice('#microsoft.graph.'.length);
  const address = `${serviceRoot}/directoryObjects/${String(id)}/Microsoft.DirectoryServices.${capitalize(name)}`;
  const described: GraphResource = {
    ...('@odata.context' in resource && { '@odata.context': resource['@odata.context'] }),
    '@odata.type': odataType,
    ...(typeof id === 'string' && { '@odata.id': address, '@odata.editLink': address }),
  };
  for (const [key, value] of Object.entries(resource)) {
    if (key.startsWith('@odata.')) continue;
    if (isTextList(value)) described[`${key}@odata.type`] = '#Collection(String)';
    described[key] = value;
  }
  return described;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
