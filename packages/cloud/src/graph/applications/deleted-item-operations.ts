import {
  type Application,
  listDeletedApplications,
  purgeApplication,
  restoreApplication,
} from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { readPlainKey } from '../operation/read-key.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { narrowTo } from '../query/object-set.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];
/** Deleted applications can be restored for 30 days. */
const restorableMilliseconds = 30 * 24 * 60 * 60 * 1000;

/** `/directory/deletedItems`, of applications: the one kind that this cloud keeps after its deletion. */
export const deletedItemOperations: GraphOperation[] = [
  {
    method: 'GET',
    path: '/directory/deletedItems/microsoft.graph.application',
    permissions: read,
    handle: listDeleted,
  },
  ...withKeyForm('directory/deletedItems', '', { method: 'GET', permissions: read, handle: getDeleted }),
  ...withKeyForm('directory/deletedItems', '/restore', {
    method: 'POST',
    permissions: write,
    handle: restoreDeleted,
  }),
  ...withKeyForm('directory/deletedItems', '', {
    method: 'DELETE',
    permissions: write,
    handle: purgeDeleted,
  }),
];

function listDeleted(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'applications',
    type: applicationType,
    objects: narrowTo(deletedApplications(call), (application) =>
      presentApplication(call.context.directory, application),
    ),
  });
}

function getDeleted(call: GraphCall): GraphAnswer {
  return answerDirectoryObject(call, findDeleted(call));
}

/** The application comes back; its service principal has to be made again. */
export function restoreDeleted(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const application = findDeleted(call);
  requireApplicationManager(call.caller, directory, application);
  restoreApplication(directory, application.id);
  return answerDirectoryObject(call, { ...application, deletedAt: null });
}

/** The final delete. */
export function purgeDeleted(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const application = findDeleted(call);
  requireApplicationManager(call.caller, directory, application);
  purgeApplication(directory, application.id);
  return { status: 204 };
}

function answerDirectoryObject(call: GraphCall, application: Application): GraphAnswer {
  return answerEntity(call, {
    context: 'directoryObjects',
    type: applicationType,
    resource: {
      '@odata.type': '#microsoft.graph.application',
      ...presentApplication(call.context.directory, application),
    },
  });
}

function findDeleted(call: GraphCall): Application {
  const id = readPlainKey(call.params);
  const application = deletedApplications(call).find((candidate) => candidate.id === id.toLowerCase());
  if (!application) throw resourceNotFound(id);
  return application;
}

/** Those that can still be restored; those whose time is over go for good when anybody looks. */
export function deletedApplications({ context: { directory, clock }, caller }: GraphCall): Application[] {
  const oldest = clock.now() - restorableMilliseconds;
  const [kept, over]: [Application[], Application[]] = [[], []];
  for (const application of listDeletedApplications(directory, caller.tenant.id)) {
    ((application.deletedAt ?? 0) > oldest ? kept : over).push(application);
  }
  for (const { id } of over) purgeApplication(directory, id);
  return kept;
}
