import {
  type Application,
  findApplication,
  findApplicationByAppId,
  softDeleteApplication,
} from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { directorySet } from '../query/directory-set.ts';
import type { ObjectSet } from '../query/object-set.ts';
import { isSelected } from '../query/select-properties.ts';
import { readOperations } from '../query/set-operations.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';
import { createApplicationFromBody } from './create-application.ts';
import { findAddressedApplication } from './find-addressed-application.ts';
import { applicationRelations } from './owner-operations.ts';
import { updateApplicationFromBody } from './update-application.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];
const forWriter = belowKeys('applications', write);

/** `/applications`: make, list, read, change, delete. */
export const applicationOperations: GraphOperation[] = [
  ...readOperations(
    {
      set: 'applications',
      type: applicationType,
      objects: tenantApplications,
      read: readApplication,
      relations: applicationRelations,
    },
    read,
    belowKeys('applications', read),
  ),
  { method: 'POST', path: '/applications', permissions: write, handle: createApplicationFromBody },
  ...forWriter('', { method: 'PATCH', handle: updateApplicationFromBody }),
  ...forWriter('', { method: 'DELETE', handle: deleteApplication }),
];

/** Certificates come whole only where one application's are selected by name ("keyCredential resource type"). */
function readApplication(call: GraphCall): GraphResource {
  const application = findAddressedApplication(call);
  const { keyCredentials } = application.document;
  return {
    ...presentApplication(call.context.directory, application),
    ...(isSelected(call, 'keyCredentials') && { keyCredentials }),
  };
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
