import { DataverseError } from '../errors/dataverse-error.ts';
import {
  type Answer,
  annotationsApplied,
  preferenceApplied,
  recordUrl,
  type WebApiRequest,
} from './answer.ts';
import { createRecord } from './create-record.ts';
import { chooseColumns, representation } from './get-record.ts';
import type { CollectionResource } from './resolve-resource.ts';

/**
 * `POST /accounts`: 204 with the new row's address, or 201 with the row itself for
 * `Prefer: return=representation`. Into a collection of another row, the new row is linked to that.
 */
export function postRecord(request: WebApiRequest, { table, within }: CollectionResource): Answer {
  const { call } = request;
  if (within?.collection.kind === 'manyToMany') {
    const problem = `Rows are added to '${within.collection.name}' by $ref.`;
    throw new DataverseError('operationNotAllowed', problem);
  }
  chooseColumns(request.query, table);
  const values = within ? { [within.collection.column.name]: within.source } : {};
  const record = createRecord(call, table, request.readBody(), { values });
  const url = recordUrl(call, table.definition.entitySetName, record.id);
  if (!call.preferences.returnRepresentation) {
    return { status: 204, headers: { 'OData-EntityId': url } };
  }
  const { headers, json } = representation(request, table, record);
  const applied = preferenceApplied('return=representation', annotationsApplied(call));
  return { status: 201, headers: { ...headers, ...applied, Location: url }, ...(json && { json }) };
}
