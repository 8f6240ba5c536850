import {
  type ChoiceColumn,
  type Column,
  dateTime,
  type LookupTarget,
  lookup,
  rate,
  readOnly,
  serverNumber,
} from './column.ts';

interface StateLabels {
  label: string;
  /** Status reasons of this state, by value; the first is what a row gets with the state. */
  reasons: Readonly<Record<number, string>>;
}

const toUser = (navigation: string, onDelete: LookupTarget['onDelete']): LookupTarget => ({
  table: 'systemuser',
  navigation,
  collection: null,
  onDelete,
});

/** Who made and changed a row and when: on every table. */
export function historyColumns(): Column[] {
  return [
    readOnly(dateTime('createdon', 'Created On')),
    readOnly(dateTime('modifiedon', 'Modified On')),
    readOnly(lookup('createdby', 'Created By', toUser('createdby', 'removeLink'))),
    readOnly(lookup('modifiedby', 'Modified By', toUser('modifiedby', 'removeLink'))),
    readOnly(serverNumber('versionnumber', 'Version Number')),
  ];
}

/**
 * The owner of a row and what follows from it: on user-owned tables.
 *
 * @param collection name under which a business unit shows the rows it owns
 */
export function ownerColumns(collection: string): Column[] {
  return [
    lookup('ownerid', 'Owner', toUser('ownerid', 'restrict')),
    readOnly(lookup('owninguser', 'Owning User', toUser('owninguser', 'restrict'))),
    readOnly(
      lookup('owningbusinessunit', 'Owning Business Unit', {
        table: 'businessunit',
        navigation: 'owningbusinessunit',
        collection,
        onDelete: 'restrict',
      }),
    ),
  ];
}

/** The currency of a row's sums and its rate at the last write. */
export function currencyColumns(table: string): Column[] {
  return [
    lookup('transactioncurrencyid', 'Currency', {
      table: 'transactioncurrency',
      navigation: 'transactioncurrencyid',
      collection: `transactioncurrency_${table}`,
      onDelete: 'restrict',
    }),
    rate('exchangerate', 'Exchange Rate', { writable: false }),
  ];
}

/** `statecode` and `statuscode`, each reason bound to its state. */
export function stateColumns(states: readonly StateLabels[]): ChoiceColumn[] {
  const reasons = states.flatMap((state, index) =>
    Object.entries(state.reasons).map(([value, label]) => ({ value: Number(value), label, state: index })),
  );
  return [
    {
      type: 'choice',
      name: 'statecode',
      displayName: 'Status',
      options: states.map((state, value) => ({ value, label: state.label })),
      defaultValue: 0,
      writable: true,
    },
    {
      type: 'choice',
      name: 'statuscode',
      displayName: 'Status Reason',
      options: reasons,
      defaultValue: reasons[0]?.value ?? null,
      writable: true,
    },
  ];
}

export const activeInactive: readonly StateLabels[] = [
  { label: 'Active', reasons: { 1: 'Active' } },
  { label: 'Inactive', reasons: { 2: 'Inactive' } },
];
