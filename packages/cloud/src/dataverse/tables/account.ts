import { addressColumns } from './address-columns.ts';
import { choice, guid, integer, lookup, memo, money, readOnly, text, yesNo } from './column.ts';
import {
  activeInactive,
  currencyColumns,
  historyColumns,
  ownerColumns,
  stateColumns,
} from './system-columns.ts';
import { everyOperation, type TableDefinition } from './table-definition.ts';

/** Values of the choice "Industry", shared by accounts and leads. */
export const industries = {
  1: 'Accounting',
  2: 'Agriculture and Non-petrol Natural Resource Extraction',
  3: 'Broadcasting Printing and Publishing',
  5: 'Building Supply Retail',
  6: 'Business Services',
  7: 'Consulting',
  8: 'Consumer Services',
  10: 'Distributors, Dispatchers and Processors',
  11: "Doctor's Offices and Clinics",
  12: 'Durable Manufacturing',
  15: 'Equipment Rental and Leasing',
  16: 'Financial',
  17: 'Food and Tobacco Processing',
  27: 'Petrochemical Extraction and Distribution',
  29: 'SIG Affiliations',
  31: 'Transportation',
  33: 'Wholesale',
} as const;

/** Values of the choice "Preferred Method of Contact", shared by accounts, contacts and leads. */
export const contactMethods = { 1: 'Any', 2: 'Email', 3: 'Phone', 4: 'Fax', 5: 'Mail' } as const;

export const account: TableDefinition = {
  logicalName: 'account',
  entitySetName: 'accounts',
  displayName: 'Account',
  objectTypeCode: 1,
  primaryKey: 'accountid',
  primaryName: 'name',
  alternateKeys: [['accountnumber']],
  operations: everyOperation,
  administratorsOnly: false,
  fullName: false,
  columns: [
    guid('accountid', 'Account'),
    text('name', 'Account Name', 160),
    text('accountnumber', 'Account Number', 20),
    choice('accountcategorycode', 'Category', { 1: 'Preferred Customer', 2: 'Standard' }),
    choice('industrycode', 'Industry', industries),
    choice('customertypecode', 'Relationship Type', {
      1: 'Competitor',
      2: 'Consultant',
      3: 'Customer',
      6: 'Partner',
      8: 'Prospect',
      9: 'Reseller',
      10: 'Supplier',
      11: 'Vendor',
      12: 'Other',
    }),
    choice('preferredcontactmethodcode', 'Preferred Method of Contact', contactMethods, 1),
    text('telephone1', 'Main Phone', 50),
    text('emailaddress1', 'Email'),
    text('websiteurl', 'Website', 200),
    integer('numberofemployees', 'Number of Employees', { maximum: 1_000_000_000 }),
    ...money('revenue', 'Annual Revenue'),
    ...money('creditlimit', 'Credit Limit'),
    yesNo('creditonhold', 'Credit Hold'),
    yesNo('donotemail', 'Do not allow Emails', { labels: ['Allow', 'Do Not Allow'] }),
    memo('description', 'Description'),
    lookup('primarycontactid', 'Primary Contact', {
      table: 'contact',
      navigation: 'primarycontactid',
      collection: 'account_primary_contact',
      onDelete: 'removeLink',
    }),
    lookup('parentaccountid', 'Parent Account', {
      table: 'account',
      navigation: 'parentaccountid',
      collection: 'account_parent_account',
      onDelete: 'removeLink',
    }),
    readOnly(
      lookup('originatingleadid', 'Originating Lead', {
        table: 'lead',
        navigation: 'originatingleadid',
        collection: 'account_originating_lead',
        onDelete: 'removeLink',
      }),
    ),
    ...addressColumns(),
    ...currencyColumns('account'),
    ...stateColumns(activeInactive),
    ...ownerColumns('business_unit_accounts'),
    ...historyColumns(),
  ],
};
