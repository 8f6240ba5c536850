import type { PermissionRule } from '../access/permission-rules.ts';
import type { GraphCall, GraphResource } from './graph-operation.ts';
import type { ResourceType } from './resource-type.ts';

/** A kind of objects that stay after their deletion and can be restored. */
export interface DeletedKind {
  type: ResourceType;
  /** The set's name in `@odata.context`, e.g. `applications`. */
  context: string;
  /** What reading them takes, and restoring or deleting them for good. */
  permissions: Readonly<Record<'read' | 'write', readonly PermissionRule[]>>;
  /** Those of the caller's tenant that can still be restored. */
  list: (call: GraphCall) => readonly DeletedObject[];
}

/** One that can be restored. */
export interface DeletedObject {
  id: string;
  present: () => GraphResource;
  /** @throws GraphError 403 when the caller may not, 400 and 409 when it can't come back */
  restore: () => GraphResource;
  /** The final delete. @throws GraphError 403 when the caller may not */
  purge: () => void;
}

/** Deleted objects can be restored for 30 days. */
const restorableMilliseconds = 30 * 24 * 60 * 60 * 1000;

/** Those that can still be restored; those whose time is over go for good when anybody looks. */
export function keepRestorable<T extends { deletedAt: number | null }>(
  objects: readonly T[],
  { now, purge }: { now: number; purge: (object: T) => void },
): T[] {
  const oldest = now - restorableMilliseconds;
  const isRestorable = ({ deletedAt }: T) => (deletedAt ?? 0) > oldest;
  for (const over of objects.filter((object) => !isRestorable(object))) purge(over);
  return objects.filter(isRestorable);
}
