import { DataverseError } from '../errors/dataverse-error.ts';
import { parseQueryOptions } from '../query/query-options.ts';
import { readColumn } from '../query/resolve-property.ts';
import { toJson } from '../render/present-record.ts';
import { propertyNameOf } from '../tables/column.ts';
import { type Answer, recordUrl, type WebApiRequest } from './answer.ts';
import type { PropertyResource } from './resolve-resource.ts';
import { updateRecord } from './update-record.ts';

const noContent: Answer = { status: 204 };

/** `GET /accounts(…)/name`: the value of one property; 204 when it is empty. */
export function getProperty({ call, query }: WebApiRequest, resource: PropertyResource): Answer {
  parseQueryOptions(query, []);
  const { table, record, column } = resource;
  const value = readColumn(record, column);
  if (value === null) return noContent;
  const path = `${table.definition.entitySetName}(${record.id})/${propertyNameOf(column)}`;
  return {
    status: 200,
    json: { '@odata.context': `${call.serviceRoot}/$metadata#${path}`, value: toJson(value) },
  };
}

/** `GET /accounts(…)/name/$value`: the same as bare text. */
export function getRawValue({ query }: WebApiRequest, { record, column }: PropertyResource): Answer {
  parseQueryOptions(query, []);
  const value = readColumn(record, column);
  if (value === null) return noContent;
  return { status: 200, text: { contentType: 'text/plain', content: String(toJson(value)) } };
}

/** `PUT /accounts(…)/name` with `{"value":…}`: sets one property. */
export function putProperty(request: WebApiRequest, resource: PropertyResource): Answer {
  parseQueryOptions(request.query, []);
  const { value } = request.readBody();
  if (value === undefined) throw new DataverseError('badPayload', "The body must be an object with 'value'.");
  return setProperty(request, resource, value);
}

/** `DELETE /accounts(…)/description`: empties one property. Lookups are emptied by `$ref`. */
export function deleteProperty(request: WebApiRequest, resource: PropertyResource): Answer {
  parseQueryOptions(request.query, []);
  return setProperty(request, resource, null);
}

function setProperty(
  { call }: WebApiRequest,
  { table, record, column }: PropertyResource,
  value: unknown,
): Answer {
  updateRecord(call, table, record, { body: { [propertyNameOf(column)]: value } });
  return {
    status: 204,
    headers: { 'OData-EntityId': recordUrl(call, table.definition.entitySetName, record.id) },
  };
}
