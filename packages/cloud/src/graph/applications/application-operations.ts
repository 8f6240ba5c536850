import {
  type Application,
  findApplication,
  findApplicationByAppId,
  softDeleteApplication,
} from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { answerCollection, answerCount } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { directorySet } from '../query/directory-set.ts';
import type { ObjectSet } from '../query/object-set.ts';
import { propertyOperations } from '../query/property-operations.ts';
import { isSelected } from '../query/select-properties.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';
import { createApplicationFromBody } from './create-application.ts';
import { findAddressedApplication } from './find-addressed-application.ts';
import { applicationRelations } from './owner-operations.ts';
import { updateApplicationFromBody } from './update-application.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];

/** `/applications`: make, list, read, change, delete. */
export const applicationOperations: GraphOperation[] = [
  { method: 'POST', path: '/applications', permissions: write, handle: createApplicationFromBody },
  { method: 'GET', path: '/applications', permissions: read, handle: listTenantApplications },
  { method: 'GET', path: '/applications/$count', permissions: read, handle: countTenantApplications },
  ...withKeyForm('applications', '', { method: 'GET', permissions: read, handle: getApplication }),
  ...withKeyForm('applications', '', {
    method: 'PATCH',
    permissions: write,
    handle: updateApplicationFromBody,
  }),
  ...withKeyForm('applications', '', { method: 'DELETE', permissions: write, handle: deleteApplication }),
  ...propertyOperations(
    { set: 'applications', type: applicationType, read: readApplication },
    (suffix, operation) => withKeyForm('applications', suffix, { ...operation, permissions: read }),
  ),
];

function listTenantApplications(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'applications',
    type: applicationType,
    objects: tenantApplications(call),
    relations: applicationRelations(call),
  });
}

function countTenantApplications(call: GraphCall): GraphAnswer {
  return answerCount(call, { type: applicationType, objects: tenantApplications(call) });
}

function getApplication(call: GraphCall): GraphAnswer {
  return answerEntity(call, {
    context: 'applications',
    type: applicationType,
    resource: isSelected(call, 'keyCredentials') ? withKeys(call) : readApplication(call),
    relations: applicationRelations(call),
  });
}

/** Certificates come whole only where one application's are selected by name ("keyCredential resource type"). */
function withKeys(call: GraphCall): GraphResource {
  const { keyCredentials } = findAddressedApplication(call).document;
  return { ...readApplication(call), keyCredentials };
}

function readApplication(call: GraphCall): GraphResource {
  return presentApplication(call.context.directory, findAddressedApplication(call));
}

/** Soft: it can be restored for 30 days. */
export function deleteApplication(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  softDeleteApplication(directory, application);
  return { status: 204 };
}

/** The living applications whose home is the caller's tenant. */
function tenantApplications({ context: { directory }, caller }: GraphCall): ObjectSet<Application> {
  const tenantId = caller.tenant.id;
  return directorySet(directory, 'applications', {
    tenantId,
    find: (id) => findApplication(directory, tenantId, id),
    lookUps: {
      appId: (appId) => {
        const application = findApplicationByAppId(directory, appId);
        return application?.tenantId === tenantId ? [application] : [];
      },
    },
    present: (application) => presentApplication(directory, application),
  });
}
