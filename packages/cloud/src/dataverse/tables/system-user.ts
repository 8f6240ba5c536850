import { choice, guid, lookup, readOnly, text, yesNo } from './column.ts';
import { historyColumns } from './system-columns.ts';
import { everyOperation, type ManyToMany, noOperation, type TableDefinition } from './table-definition.ts';

/**
 * People and application users. People come from the directory at their first call; `POST` makes application
 * users, and only those can be deleted.
 */
export const systemUser: TableDefinition = {
  logicalName: 'systemuser',
  entitySetName: 'systemusers',
  displayName: 'User',
  objectTypeCode: 8,
  primaryKey: 'systemuserid',
  primaryName: 'fullname',
  alternateKeys: [['azureactivedirectoryobjectid'], ['applicationid']],
  operations: everyOperation,
  administratorsOnly: true,
  fullName: true,
  columns: [
    guid('systemuserid', 'User'),
    readOnly(text('fullname', 'Full Name', 200)),
    text('firstname', 'First Name', 256),
    text('lastname', 'Last Name', 256),
    text('domainname', 'User Name', 1_024),
    text('internalemailaddress', 'Primary Email'),
    text('title', 'Title', 128),
    guid('azureactivedirectoryobjectid', 'Azure AD Object ID'),
    guid('applicationid', 'Application ID'),
    yesNo('isdisabled', 'Status', { labels: ['Enabled', 'Disabled'] }),
    choice(
      'accessmode',
      'Access Mode',
      {
        0: 'Read-Write',
        1: 'Administrative',
        2: 'Read',
        3: 'Support User',
        4: 'Non-interactive',
        5: 'Delegated Admin',
      },
      0,
    ),
    lookup('businessunitid', 'Business Unit', {
      table: 'businessunit',
      navigation: 'businessunitid',
      collection: 'business_unit_system_users',
      onDelete: 'restrict',
    }),
    ...historyColumns(),
  ],
};

/** The security roles that users hold. */
export const systemUserRoles: TableDefinition = {
  logicalName: 'systemuserroles',
  entitySetName: 'systemuserrolescollection',
  displayName: 'User Security Role',
  objectTypeCode: 1_038,
  primaryKey: 'systemuserroleid',
  primaryName: null,
  alternateKeys: [],
  operations: noOperation,
  administratorsOnly: true,
  fullName: false,
  columns: [
    guid('systemuserroleid', 'User Security Role'),
    guid('systemuserid', 'User'),
    guid('roleid', 'Role'),
  ],
};

export const systemUserRolesAssociation: ManyToMany = {
  navigation: 'systemuserroles_association',
  intersect: 'systemuserroles',
  tables: ['systemuser', 'role'],
};
