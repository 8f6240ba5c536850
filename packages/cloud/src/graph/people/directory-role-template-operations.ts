import { directoryRoles } from '../../directory/directory-roles.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { badRequest, resourceNotFound } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { readBody, readGuid } from '../operation/read-body.ts';
import { readPlainKey } from '../operation/read-key.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { listedObjects } from '../query/object-set.ts';
import { readOperations } from '../query/set-operations.ts';

const set = 'directoryRoleTemplates';
const read = [permissionRules.readRoles];
const type: ResourceType = {
  name: 'directoryRoleTemplate',
  properties: ['id', 'deletedDateTime', 'description', 'displayName'],
};
const templates: readonly GraphResource[] = Object.entries(directoryRoles).map(
  ([displayName, { templateId, description }]) => ({
    id: templateId,
    deletedDateTime: null,
    description,
    displayName,
  }),
);

/** `/directoryRoleTemplates`, and the activation of one, which every role here has behind it. */
export const directoryRoleTemplateOperations: GraphOperation[] = [
  ...readOperations(
    {
      set,
      type,
      objects: () => listedObjects(templates),
      read: (call) => findTemplate(readPlainKey(call.params)),
    },
    read,
    belowKeys(set, read),
  ),
  {
    method: 'POST',
    path: '/directoryRoles',
    permissions: [permissionRules.writeRoles],
    handle: activateRole,
  },
];

function activateRole(call: GraphCall): GraphAnswer {
  const { roleTemplateId } = readBody(call.body, ['roleTemplateId']);
  findTemplate(readGuid(roleTemplateId, 'roleTemplateId'));
  throw badRequest(
    'A conflicting object with one or more of the specified property values is present in the directory.',
  );
}

/** @throws GraphError 404 */
function findTemplate(id: string): GraphResource {
  const template = templates.find((known) => known.id === id.toLowerCase());
  if (!template) throw resourceNotFound(id);
  return template;
}
