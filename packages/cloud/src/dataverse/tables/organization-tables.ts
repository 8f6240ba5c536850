import { choice, guid, integer, lookup, rate, text, yesNo } from './column.ts';
import { historyColumns } from './system-columns.ts';
import { noOperation, type TableDefinition } from './table-definition.ts';

export const organization: TableDefinition = {
  logicalName: 'organization',
  entitySetName: 'organizations',
  displayName: 'Organization',
  objectTypeCode: 1_019,
  primaryKey: 'organizationid',
  primaryName: 'name',
  alternateKeys: [],
  operations: { create: false, update: true, delete: false },
  administratorsOnly: true,
  fullName: false,
  columns: [
    guid('organizationid', 'Organization'),
    text('name', 'Organization Name', 160),
    integer('languagecode', 'Language'),
    integer('localeid', 'Locale'),
    lookup('basecurrencyid', 'Currency', {
      table: 'transactioncurrency',
      navigation: 'basecurrencyid',
      collection: 'basecurrency_organization',
      onDelete: 'restrict',
    }),
    ...historyColumns(),
  ],
};

export const businessUnit: TableDefinition = {
  logicalName: 'businessunit',
  entitySetName: 'businessunits',
  displayName: 'Business Unit',
  objectTypeCode: 10,
  primaryKey: 'businessunitid',
  primaryName: 'name',
  alternateKeys: [],
  operations: { create: true, update: true, delete: true },
  administratorsOnly: true,
  fullName: false,
  columns: [
    guid('businessunitid', 'Business Unit'),
    text('name', 'Name', 160),
    text('divisionname', 'Division'),
    text('emailaddress', 'Email'),
    text('websiteurl', 'Website', 200),
    yesNo('isdisabled', 'Is Disabled'),
    lookup('parentbusinessunitid', 'Parent Business', {
      table: 'businessunit',
      navigation: 'parentbusinessunitid',
      collection: 'business_unit_parent_business_unit',
      onDelete: 'restrict',
    }),
    ...historyColumns(),
  ],
};

export const transactionCurrency: TableDefinition = {
  logicalName: 'transactioncurrency',
  entitySetName: 'transactioncurrencies',
  displayName: 'Currency',
  objectTypeCode: 9_105,
  primaryKey: 'transactioncurrencyid',
  primaryName: 'currencyname',
  alternateKeys: [],
  operations: noOperation,
  administratorsOnly: true,
  fullName: false,
  columns: [
    guid('transactioncurrencyid', 'Transaction Currency'),
    text('currencyname', 'Currency Name'),
    text('isocurrencycode', 'Currency Code', 5),
    text('currencysymbol', 'Currency Symbol', 10),
    integer('currencyprecision', 'Currency Precision', { maximum: 4 }),
    rate('exchangerate', 'Exchange Rate', { writable: true }),
    ...historyColumns(),
  ],
};

export const role: TableDefinition = {
  logicalName: 'role',
  entitySetName: 'roles',
  displayName: 'Security Role',
  objectTypeCode: 1_036,
  primaryKey: 'roleid',
  primaryName: 'name',
  alternateKeys: [],
  operations: noOperation,
  administratorsOnly: true,
  fullName: false,
  columns: [
    guid('roleid', 'Role'),
    text('name', 'Name'),
    choice(
      'isinherited',
      "Member's privilege inheritance",
      { 0: 'Team privileges only', 1: 'Direct User' },
      1,
    ),
    lookup('businessunitid', 'Business Unit', {
      table: 'businessunit',
      navigation: 'businessunitid',
      collection: 'business_unit_roles',
      onDelete: 'restrict',
    }),
    ...historyColumns(),
  ],
};
