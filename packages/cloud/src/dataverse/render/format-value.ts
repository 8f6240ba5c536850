import { referencedName } from '../query/resolve-property.ts';
import { isReference, type RecordStore, type StoredRecord, type Value } from '../storage/record-store.ts';
import type { Column } from '../tables/column.ts';

const locale = 'en-US';
const momentFormat = new Intl.DateTimeFormat(locale, {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZone: 'UTC',
});
const dayFormat = new Intl.DateTimeFormat(locale, {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  timeZone: 'UTC',
});
const wholeFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
/** Sums are shown with the two digits of the environment's currencies. */
const sumFormat = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/**
 * The text that a person reads for a value (`@OData.Community.Display.V1.FormattedValue`), in English and UTC;
 * undefined for columns that have none, such as text.
 */
export function formatValue(
  store: RecordStore,
  record: StoredRecord,
  column: Column,
  value: Value,
): string | undefined {
  if (value === null) return undefined;
  if (isReference(value)) return referencedName(store, value) ?? undefined;
  switch (column.type) {
    case 'choice':
      return column.options.find((option) => option.value === value)?.label;
    case 'boolean':
      return column.labels[value === true ? 1 : 0];
    case 'money':
      return `${currencySymbol(store, record)}${sumFormat.format(Number(value))}`;
    case 'integer':
    case 'bigint':
      return wholeFormat.format(Number(value));
    case 'decimal':
    case 'double':
      return Number(value).toFixed(column.precision);
    case 'dateTime':
      // Newer ICU data puts a narrow no-break space before AM and PM; Dataverse writes a blank.
      return momentFormat
        .format(Date.parse(String(value)))
        .replace('\u202f', ' ')
        .replace(', ', ' ');
    case 'date':
      return dayFormat.format(Date.parse(String(value)));
    default:
      return undefined;
  }
}

function currencySymbol(store: RecordStore, { values }: StoredRecord): string {
  const currency = values.transactioncurrencyid ?? null;
  if (!isReference(currency)) return '';
  const symbol = store.find(currency.table, currency.id)?.values.currencysymbol;
  return typeof symbol === 'string' ? symbol : '';
}
