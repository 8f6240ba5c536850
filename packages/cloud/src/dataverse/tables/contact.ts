import { contactMethods } from './account.ts';
import { addressColumns } from './address-columns.ts';
import { choice, date, guid, lookup, memo, money, readOnly, text, yesNo } from './column.ts';
import {
  activeInactive,
  currencyColumns,
  historyColumns,
  ownerColumns,
  stateColumns,
} from './system-columns.ts';
import { everyOperation, type TableDefinition } from './table-definition.ts';

export const contact: TableDefinition = {
  logicalName: 'contact',
  entitySetName: 'contacts',
  displayName: 'Contact',
  objectTypeCode: 2,
  primaryKey: 'contactid',
  primaryName: 'fullname',
  alternateKeys: [],
  operations: everyOperation,
  administratorsOnly: false,
  fullName: true,
  columns: [
    guid('contactid', 'Contact'),
    readOnly(text('fullname', 'Full Name', 160)),
    text('firstname', 'First Name', 50),
    text('lastname', 'Last Name', 50),
    text('jobtitle', 'Job Title'),
    text('emailaddress1', 'Email'),
    text('telephone1', 'Business Phone', 50),
    text('mobilephone', 'Mobile Phone', 50),
    date('birthdate', 'Birthday'),
    choice('gendercode', 'Gender', { 1: 'Male', 2: 'Female' }),
    choice('preferredcontactmethodcode', 'Preferred Method of Contact', contactMethods, 1),
    ...money('creditlimit', 'Credit Limit'),
    yesNo('donotemail', 'Do not allow Emails', { labels: ['Allow', 'Do Not Allow'] }),
    memo('description', 'Description'),
    lookup(
      'parentcustomerid',
      'Company Name',
      {
        table: 'account',
        navigation: 'parentcustomerid_account',
        collection: 'contact_customer_accounts',
        onDelete: 'cascade',
      },
      {
        table: 'contact',
        navigation: 'parentcustomerid_contact',
        collection: 'contact_customer_contacts',
        onDelete: 'cascade',
      },
    ),
    ...addressColumns(),
    ...currencyColumns('contact'),
    ...stateColumns(activeInactive),
    ...ownerColumns('business_unit_contacts'),
    ...historyColumns(),
  ],
};
