import type { CloudContext } from '../cloud-context.ts';
import { defaultEnvironment } from '../directory/environments.ts';
import type { Dataverse } from './dataverse-call.ts';
import { openRecordStore } from './records/record-store.ts';
import { seedEnvironment } from './samples/seed-environment.ts';

/**
 * Opens the environment that the CRM's listeners serve; the first time, fills it with its users, roles and
 * sample rows.
 *
 * @throws Error when the directory has no environment
 */
export function openDataverse(context: CloudContext): Dataverse {
  const environment = defaultEnvironment(context.directory);
  if (!environment) throw new Error('The directory has no Dataverse environment.');
  const store = openRecordStore(context.directory, environment.id);
  const dataverse = { context, environment, store };
  const fillWhenNew = () => {
    if (store.isNew()) seedEnvironment(dataverse);
  };
  fillWhenNew();
  context.directory.onReplaced(fillWhenNew);
  return dataverse;
}
