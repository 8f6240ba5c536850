import { DataverseError } from '../errors/dataverse-error.ts';
import { parseQueryOptions } from '../query/query-options.ts';
import { readColumn } from '../query/resolve-property.ts';
import { isReference } from '../storage/record-store.ts';
import { tableNamed } from '../tables/schema.ts';
import { type Answer, recordUrl, type WebApiRequest } from './answer.ts';
import type { ReferenceResource } from './resolve-resource.ts';
import { updateRecord } from './update-record.ts';

/** `GET /accounts(…)/primarycontactid/$ref`: the address of the row that a lookup points at; 204 when empty. */
export function getReference({ call, query }: WebApiRequest, resource: ReferenceResource): Answer {
  parseQueryOptions(query, []);
  const { record, navigation } = resource;
  const reference = readColumn(record, navigation.column);
  if (!isReference(reference) || reference.table !== navigation.target.table) return { status: 204 };
  const { entitySetName } = tableNamed(reference.table).definition;
  return {
    status: 200,
    json: {
      '@odata.context': `${call.serviceRoot}/$metadata#$ref`,
      '@odata.id': recordUrl(call, entitySetName, reference.id),
    },
  };
}

/** `PUT /accounts(…)/primarycontactid/$ref` with `{"@odata.id":…}`: sets a lookup. */
export function putReference(request: WebApiRequest, resource: ReferenceResource): Answer {
  parseQueryOptions(request.query, []);
  return setReference(request, resource, readReferenceId(request));
}

/** `DELETE /accounts(…)/primarycontactid/$ref`: empties a lookup. */
export function deleteReference(request: WebApiRequest, resource: ReferenceResource): Answer {
  parseQueryOptions(request.query, []);
  return setReference(request, resource, null);
}

/** The address within a `$ref` body. @throws DataverseError 400 when there is none */
export function readReferenceId(request: WebApiRequest): string {
  const id = request.readBody()['@odata.id'];
  if (typeof id === 'string') return id;
  throw new DataverseError(
    'badPayload',
    "The body must be an object with '@odata.id', the address of a row.",
  );
}

function setReference(
  { call }: WebApiRequest,
  { table, record, navigation }: ReferenceResource,
  url: string | null,
): Answer {
  updateRecord(call, table, record, { body: { [`${navigation.name}@odata.bind`]: url } });
  return { status: 204 };
}
