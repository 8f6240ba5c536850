import type { RecordStore } from '../storage/record-store.ts';

/**
 * The business unit at the root, which every environment has.
 *
 * @throws Error when there is none: it is made with the environment and can't be deleted
 */
export function rootBusinessUnitId(store: RecordStore): string {
  for (const unit of store.list('businessunit')) {
    if (unit.values.parentbusinessunitid === undefined) return unit.id;
  }
  throw new Error('The environment has no root business unit');
}
