import type { Directory } from '../../directory/open-directory.ts';
import {
  countObjects,
  findIdsByDisplayName,
  type ObjectKind,
  readOrderedIds,
} from '../../directory/ordered-ids.ts';
import type { ObjectSet } from './object-set.ts';

/** SQLite folds the case of these alone; names with other letters are compared one by one. */
const latin = /^[\u0020-\u007e]*$/;

/** A tenant's objects of one kind, ordered by display name, found by id and name through indexes. */
export function directorySet<T extends { id: string }>(
  directory: Directory,
  kind: ObjectKind,
  {
    tenantId,
    find,
    lookUps,
    present,
  }: { tenantId: string; find: (id: string) => T | undefined } & Pick<ObjectSet<T>, 'lookUps' | 'present'>,
): ObjectSet<T> {
  const findAll = (ids: readonly string[]) => ids.map(find).filter((object) => object !== undefined);
  return {
    order: 'displayName',
    has: (id) => find(id) !== undefined,
    read: (afterId, limit) => findAll(readOrderedIds(directory, kind, { tenantId, afterId, limit })),
    count: () => countObjects(directory, kind, tenantId),
    lookUps: {
      id: (id) => findAll([id.toLowerCase()]),
      ...lookUps,
      displayName: (displayName) =>
        latin.test(displayName)
          ? findAll(findIdsByDisplayName(directory, kind, { tenantId, displayName }))
          : undefined,
    },
    present,
  };
}
