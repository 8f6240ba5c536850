import { directoryRoles } from '../../directory/directory-roles.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { badRequest, resourceNotFound } from '../errors/graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { readBody, readGuid } from '../operation/read-body.ts';
import { readPlainKey } from '../operation/read-key.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { listedObjects } from '../query/object-set.ts';

const context = 'directoryRoleTemplates';
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
  {
    method: 'GET',
    path: '/directoryRoleTemplates',
    permissions: [permissionRules.readRoles],
    handle: (call) => answerCollection(call, { context, type, objects: listedObjects(templates) }),
  },
  ...withKeyForm('directoryRoleTemplates', '', {
    method: 'GET',
    permissions: [permissionRules.readRoles],
    handle: (call) =>
      answerEntity(call, { context, type, resource: findTemplate(readPlainKey(call.params)) }),
  }),
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
