import {
  findApplicationByAppId,
  listApplications,
  softDeleteApplication,
} from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { type GraphAnswer, type GraphCall, type GraphOperation, withKeyForm } from '../graph-operation.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { createApplicationFromBody } from './create-application.ts';
import { findAddressedApplication } from './find-addressed-application.ts';
import { applicationType, presentApplication } from './present-application.ts';
import { updateApplicationFromBody } from './update-application.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];
const byAppId = /^appId eq '([^']+)'$/;

/** `/applications`: make, list, read, change, delete. */
export const applicationOperations: GraphOperation[] = [
  { method: 'POST', path: '/applications', permissions: write, handle: createApplicationFromBody },
  { method: 'GET', path: '/applications', permissions: read, handle: listTenantApplications },
  ...withKeyForm('applications', '', { method: 'GET', permissions: read, handle: getApplication }),
  ...withKeyForm('applications', '', {
    method: 'PATCH',
    permissions: write,
    handle: updateApplicationFromBody,
  }),
  ...withKeyForm('applications', '', { method: 'DELETE', permissions: write, handle: deleteApplication }),
];

function listTenantApplications(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const tenantId = call.caller.tenant.id;
  // The look-up that clients do most goes by the index, however many applications there are.
  const appId = call.query.get('$filter')?.match(byAppId)?.[1];
  const applications =
    appId === undefined
      ? listApplications(directory, tenantId)
      : [findApplicationByAppId(directory, appId)].filter((found) => found !== undefined);
  return answerCollection(call, {
    context: 'applications',
    type: applicationType,
    resources: applications
      .filter((application) => application.tenantId === tenantId)
      .map((application) => presentApplication(directory, application)),
  });
}

function getApplication(call: GraphCall): GraphAnswer {
  return answerEntity(call, {
    context: 'applications',
    type: applicationType,
    resource: presentApplication(call.context.directory, findAddressedApplication(call)),
  });
}

/** Soft: it can be restored for 30 days. */
export function deleteApplication(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  softDeleteApplication(directory, application);
  return { status: 204 };
}
