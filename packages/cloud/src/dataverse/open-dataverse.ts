import type { CloudContext } from '../cloud-context.ts';
import { defaultEnvironment, type Environment, listEnvironments } from '../directory/environments.ts';
import { findEnvironmentByOrigin } from '../environment-origins.ts';
import type { Dataverse, Dataverses } from './call/dataverse-call.ts';
import { seedEnvironment } from './samples/seed-environment.ts';
import { openRecordStore } from './storage/record-store.ts';

/**
 * Opens the first environment, and every other when it is first asked for; what was never written to is filled with
 * its users, roles and sample rows.
 */
export function openDataverses(context: CloudContext): Dataverses {
  const { directory } = context;
  const opened = new Map<string, Dataverse>();
  const byOrigin = new Map<string, Dataverse>();
  const open = (environment: Environment): Dataverse => {
    const dataverse = opened.get(environment.id) ?? openDataverse(context, environment);
    opened.set(environment.id, dataverse);
    return dataverse;
  };
  // A reset may take environments away, and a snapshot bring them back.
  directory.onReplaced(() => byOrigin.clear());
  const first = defaultEnvironment(directory);
  if (first) open(first);
  return {
    find(origin) {
      const known = byOrigin.get(origin);
      if (known) return known;
      const environment = findEnvironmentByOrigin(context, origin);
      if (!environment) return undefined;
      const dataverse = open(environment);
      byOrigin.set(origin, dataverse);
      return dataverse;
    },
    list: (tenantId) =>
      listEnvironments(directory)
        .filter((environment) => environment.tenantId === tenantId)
        .map(open),
  };
}

function openDataverse(context: CloudContext, environment: Environment): Dataverse {
  const { directory } = context;
  const store = openRecordStore(directory, environment.id);
  const dataverse = { context, environment, store };
  const fillWhenNew = () => {
    const isThere = listEnvironments(directory).some(({ id }) => id === environment.id);
    if (isThere && store.isNew()) seedEnvironment(dataverse);
  };
  fillWhenNew();
  directory.onReplaced(fillWhenNew);
  return dataverse;
}
