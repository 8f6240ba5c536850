import { findUser } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import { type Member, membershipQuestions } from '../memberships/membership-operations.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { readBody, readGuid, readList, readOneOf } from '../operation/read-body.ts';
import { readPlainKey } from '../operation/read-key.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { listedObjects } from '../query/object-set.ts';
import { directoryObjectType, presentDirectoryObject } from '../resources/present-directory-object.ts';

const permissions = [permissionRules.readDirectory];
/** "directoryObject: getByIds". */
const mostIds = 1000;
/** Kinds of which there are none here are asked for, too. */
const otherKinds = [
  'directoryObject',
  'administrativeUnit',
  'contact',
  'device',
  'orgContact',
  'directoryObjectPartnerReference',
];
const kindNames = [...directoryObjectType.kinds.map(({ name }) => name), ...otherKinds];

/** `/directoryObjects`: whatever they are. */
export const directoryObjectOperations: GraphOperation[] = [
  ...belowKeys('directoryObjects', permissions)('', { method: 'GET', handle: getDirectoryObject }),
  { method: 'POST', path: '/directoryObjects/getByIds', permissions, handle: getObjectsByIds },
  ...membershipQuestions(findAddressedMember, belowKeys('directoryObjects', permissions)),
];

function getDirectoryObject(call: GraphCall): GraphAnswer {
  return answerEntity(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    resource: findAddressedObject(call),
  });
}

/** Ids of nobody are passed over. */
function getObjectsByIds(call: GraphCall): GraphAnswer {
  const { ids, types } = readBody(call.body, ['ids', 'types']);
  const wanted = new Set(readList(ids, 'ids', readGuid, mostIds));
  const kinds = readList(types ?? [], 'types', readKind);
  const found = [...wanted]
    .map((id) => presentDirectoryObject(call, id))
    .filter((object) => object !== undefined)
    .filter(
      (object) =>
        kinds.length === 0 ||
        kinds.some(
          (kind) => kind === 'directoryObject' || object['@odata.type'] === `#microsoft.graph.${kind}`,
        ),
    );
  return answerCollection(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    objects: listedObjects(found),
  });
}

function readKind(value: unknown, property: string): string {
  const known = kindNames.find(
    (name) => typeof value === 'string' && name.toLowerCase() === value.toLowerCase(),
  );
  return known ?? readOneOf(value, property, kindNames);
}

/** @throws GraphError 404 */
function findAddressedObject(call: GraphCall): GraphResource {
  const id = readPlainKey(call.params);
  const object = presentDirectoryObject(call, id.toLowerCase());
  if (!object) throw resourceNotFound(id);
  return object;
}

function findAddressedMember(call: GraphCall): Member {
  const id = String(findAddressedObject(call).id);
  return { id, directoryRoles: findUser(call.context.directory, id)?.directoryRoles ?? [] };
}
