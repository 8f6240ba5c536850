import { choice, date, guid, integer, lookup, memo, money, text, yesNo } from './column.ts';
import { currencyColumns, historyColumns, ownerColumns, stateColumns } from './system-columns.ts';
import { everyOperation, type TableDefinition } from './table-definition.ts';

const certain = 100;

export const opportunity: TableDefinition = {
  logicalName: 'opportunity',
  entitySetName: 'opportunities',
  displayName: 'Opportunity',
  objectTypeCode: 3,
  primaryKey: 'opportunityid',
  primaryName: 'name',
  alternateKeys: [],
  operations: everyOperation,
  administratorsOnly: false,
  fullName: false,
  columns: [
    guid('opportunityid', 'Opportunity'),
    text('name', 'Topic', 300),
    memo('description', 'Description'),
    ...money('estimatedvalue', 'Est. Revenue'),
    ...money('actualvalue', 'Actual Revenue'),
    ...money('budgetamount', 'Budget Amount'),
    date('estimatedclosedate', 'Est. Close Date'),
    date('actualclosedate', 'Actual Close Date'),
    integer('closeprobability', 'Probability', { maximum: certain }),
    choice('opportunityratingcode', 'Rating', { 1: 'Hot', 2: 'Warm', 3: 'Cold' }, 2),
    choice('salesstage', 'Sales Stage', { 0: 'Qualify', 1: 'Develop', 2: 'Propose', 3: 'Close' }, 0),
    choice('prioritycode', 'Priority', { 1: 'Default Value' }, 1),
    text('stepname', 'Pipeline Phase', 200),
    yesNo('isrevenuesystemcalculated', 'Revenue', { labels: ['User Provided', 'System Calculated'] }),
    lookup(
      'customerid',
      'Potential Customer',
      {
        table: 'account',
        navigation: 'customerid_account',
        collection: 'opportunity_customer_accounts',
        onDelete: 'cascade',
      },
      {
        table: 'contact',
        navigation: 'customerid_contact',
        collection: 'opportunity_customer_contacts',
        onDelete: 'cascade',
      },
    ),
    lookup('parentaccountid', 'Account', {
      table: 'account',
      navigation: 'parentaccountid',
      collection: 'opportunity_parent_account',
      onDelete: 'removeLink',
    }),
    lookup('parentcontactid', 'Contact', {
      table: 'contact',
      navigation: 'parentcontactid',
      collection: 'opportunity_parent_contact',
      onDelete: 'removeLink',
    }),
    lookup('originatingleadid', 'Originating Lead', {
      table: 'lead',
      navigation: 'originatingleadid',
      collection: 'opportunity_originating_lead',
      onDelete: 'removeLink',
    }),
    ...currencyColumns('opportunity'),
    ...stateColumns([
      { label: 'Open', reasons: { 1: 'In Progress', 2: 'On Hold' } },
      { label: 'Won', reasons: { 3: 'Won' } },
      { label: 'Lost', reasons: { 4: 'Canceled', 5: 'Out-Sold' } },
    ]),
    ...ownerColumns('business_unit_opportunities'),
    ...historyColumns(),
  ],
};
