import { type Application, findApplication, findApplicationByAppId } from '../../directory/applications.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { directorySet } from '../query/directory-set.ts';
import type { ObjectSet } from '../query/object-set.ts';
import { presentApplication } from '../resources/present-application.ts';

/** The living applications whose home is the caller's tenant. */
export function tenantApplications({ context: { directory }, caller }: GraphCall): ObjectSet<Application> {
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
