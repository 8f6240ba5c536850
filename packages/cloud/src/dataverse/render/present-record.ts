import type { DataverseCall } from '../call/dataverse-call.ts';
import { includesAnnotation } from '../call/preferences.ts';
import { readColumn } from '../query/resolve-property.ts';
import { entityTag } from '../records/check-precondition.ts';
import { isReference, type StoredRecord, type Value } from '../storage/record-store.ts';
import { type Column, propertyNameOf } from '../tables/column.ts';
import { formatValue } from './format-value.ts';

const annotations = {
  formattedValue: 'OData.Community.Display.V1.FormattedValue',
  navigation: 'Microsoft.Dynamics.CRM.associatednavigationproperty',
  tableName: 'Microsoft.Dynamics.CRM.lookuplogicalname',
} as const;

/** Which annotations a request asked for; worked out once for all rows of an answer. */
interface Wanted {
  formattedValue: boolean;
  navigation: boolean;
  tableName: boolean;
}

/** Writes rows as the Web API does: entity tag, then each column with the annotations asked for before it. */
export function presentRecords(
  call: DataverseCall,
  records: readonly StoredRecord[],
  columns: readonly Column[],
): Record<string, unknown>[] {
  const wanted: Wanted = {
    formattedValue: includesAnnotation(call.preferences, annotations.formattedValue),
    navigation: includesAnnotation(call.preferences, annotations.navigation),
    tableName: includesAnnotation(call.preferences, annotations.tableName),
  };
  return records.map((record) => {
    const rendered: Record<string, unknown> = { '@odata.etag': entityTag(record) };
    for (const column of columns) renderColumn(call, record, column, { rendered, wanted });
    return rendered;
  });
}

/** Writes one row, as `presentRecords` does. */
export function presentRecord(
  call: DataverseCall,
  record: StoredRecord,
  columns: readonly Column[],
): Record<string, unknown> {
  return presentRecords(call, [record], columns)[0] ?? {};
}

/** A value as it stands in JSON: a lookup shows the id alone. */
export function toJson(value: Value): string | number | boolean | null {
  return isReference(value) ? value.id : value;
}

function renderColumn(
  { store }: DataverseCall,
  record: StoredRecord,
  column: Column,
  { rendered, wanted }: { rendered: Record<string, unknown>; wanted: Wanted },
): void {
  const name = propertyNameOf(column);
  const value = readColumn(record, column);
  if (wanted.formattedValue) {
    const formatted = formatValue(store, record, column, value);
    if (formatted !== undefined) rendered[`${name}@${annotations.formattedValue}`] = formatted;
  }
  if (column.type === 'lookup' && isReference(value)) {
    const target = column.targets.find((candidate) => candidate.table === value.table);
    if (wanted.navigation && target) rendered[`${name}@${annotations.navigation}`] = target.navigation;
    if (wanted.tableName) rendered[`${name}@${annotations.tableName}`] = value.table;
  }
  rendered[name] = toJson(value);
}
