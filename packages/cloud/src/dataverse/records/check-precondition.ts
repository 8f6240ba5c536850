import { DataverseError } from '../errors/dataverse-error.ts';
import type { StoredRecord } from '../storage/record-store.ts';

/** The conditional headers of a request, as sent; undefined where there is none. */
export interface Conditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

/** The row's version as an entity tag: `W/"502186"`. */
export function entityTag(record: StoredRecord): string {
  return `W/"${record.version}"`;
}

/**
 * Applies `If-Match` with a version to an update or deletion of a row that exists.
 *
 * @throws DataverseError 412 when the row has changed since
 */
export function checkVersion(record: StoredRecord, { ifMatch }: Conditions): void {
  if (ifMatch === undefined || matches(ifMatch, record)) return;
  throw new DataverseError(
    'versionMismatch',
    "The version of the existing record doesn't match the RowVersion property provided.",
  );
}

/** Whether a read may be answered 304: `If-None-Match` names the version the row still has. */
export function isNotModified(record: StoredRecord, { ifNoneMatch }: Conditions): boolean {
  // Callers send `If-None-Match: null` to get past browser caches; it matches no version.
  return ifNoneMatch !== undefined && ifNoneMatch !== '*' && matches(ifNoneMatch, record);
}

function matches(header: string, record: StoredRecord): boolean {
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.includes('*') || tags.includes(entityTag(record));
}
