import { DataverseError } from '../errors/dataverse-error.ts';
import type { Answer, WebApiRequest } from './answer.ts';
import { addReference, listReferences, removeReference } from './collection-references.ts';
import { getRecord } from './get-record.ts';
import { countRecords, listRecords } from './list-records.ts';
import { deleteReference, getReference, putReference } from './lookup-reference.ts';
import { getMetadata, getServiceDocument } from './metadata-document.ts';
import { patchRecord } from './patch-record.ts';
import { postRecord } from './post-record.ts';
import { removeRecord } from './remove-record.ts';
import type { Resource } from './resolve-resource.ts';
import { deleteProperty, getProperty, getRawValue, putProperty } from './single-property.ts';
import { callFunction } from './unbound-functions.ts';

/** What may be done with a resource: HTTP method to operation. */
type Methods = Readonly<Record<string, () => Answer>>;

/**
 * Runs the operation that method and resource stand for.
 *
 * @throws DataverseError 405, with `Allow`, when the resource does not take the method
 */
export function dispatch(request: WebApiRequest, method: string, resource: Resource): Answer {
  const methods = methodsOf(request, resource);
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (operation) return operation();
  throw new DataverseError(
    'methodNotAllowed',
    `The requested resource does not support http method '${method}'.`,
    { headers: { Allow: Object.keys(methods).join(', ') } },
  );
}

function methodsOf(request: WebApiRequest, resource: Resource): Methods {
  switch (resource.kind) {
    case 'serviceDocument':
      return { GET: () => getServiceDocument(request) };
    case 'metadata':
      return { GET: getMetadata };
    case 'function':
      return { GET: () => callFunction(request, resource) };
    case 'collection':
      return { GET: () => listRecords(request, resource), POST: () => postRecord(request, resource) };
    case 'count':
      return { GET: () => countRecords(request, resource) };
    case 'record':
      return {
        GET: () => getRecord(request, resource),
        PATCH: () => patchRecord(request, resource),
        DELETE: () => removeRecord(request, resource),
      };
    case 'property':
      return {
        GET: () => getProperty(request, resource),
        PUT: () => putProperty(request, resource),
        DELETE: () => deleteProperty(request, resource),
      };
    case 'rawValue':
      return { GET: () => getRawValue(request, resource) };
    case 'reference':
      return {
        GET: () => getReference(request, resource),
        PUT: () => putReference(request, resource),
        DELETE: () => deleteReference(request, resource),
      };
    case 'collectionReference':
      return {
        GET: () => listReferences(request, resource),
        POST: () => addReference(request, resource),
        DELETE: () => removeReference(request, resource),
      };
    default:
      return { GET: () => ({ status: 204 }) };
  }
}
