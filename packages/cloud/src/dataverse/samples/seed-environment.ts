import { stableGuid } from '../../directory/stable-guid.ts';
import { listUsers } from '../../directory/users.ts';
import type { Dataverse } from '../call/dataverse-call.ts';
import { type WriteScope, writeRecord } from '../records/write-record.ts';
import { tableNamed } from '../tables/schema.ts';
import { addDirectoryUser, isLicensed } from '../users/directory-users.ts';
import { administratorRole, salespersonRole } from '../users/roles.ts';
import { seedSales } from './seed-sales.ts';

const currencies = [
  { key: 'EUR', name: 'Euro', symbol: '€', rate: 1 },
  { key: 'USD', name: 'US Dollar', symbol: '$', rate: 1.08 },
] as const;

const english = 1033;
const currencyPrecision = 2;

/**
 * Fills a new environment: organization, business unit, currencies, roles, the licensed people of the tenant
 * and sample rows. Ids follow from the environment's, so that they are the same in every new data folder.
 */
export function seedEnvironment(dataverse: Dataverse): void {
  const { store, context, environment } = dataverse;
  const idOf = (name: string): string => stableGuid(`dataverse:${environment.id}:${name}`);
  const systemUserId = idOf('systemuser:SYSTEM');
  const scope: WriteScope = { store, userId: systemUserId, now: context.clock.now() };
  store.transaction(() => {
    for (const { key, name, symbol, rate } of currencies) {
      writeRecord(
        scope,
        tableNamed('transactioncurrency'),
        { id: idOf(`currency:${key}`) },
        {
          currencyname: name,
          isocurrencycode: key,
          currencysymbol: symbol,
          currencyprecision: currencyPrecision,
          exchangerate: rate,
        },
      );
    }
    writeRecord(
      scope,
      tableNamed('organization'),
      { id: environment.organizationId },
      {
        name: environment.uniqueName,
        languagecode: english,
        localeid: english,
        basecurrencyid: { table: 'transactioncurrency', id: idOf('currency:EUR') },
      },
    );
    const businessUnitId = idOf('businessunit:root');
    writeRecord(
      scope,
      tableNamed('businessunit'),
      { id: businessUnitId },
      { name: environment.friendlyName },
    );
    const businessUnit = { table: 'businessunit', id: businessUnitId };
    for (const name of [administratorRole, salespersonRole]) {
      writeRecord(
        scope,
        tableNamed('role'),
        { id: idOf(`role:${name}`) },
        { name, businessunitid: businessUnit },
      );
    }
    writeRecord(
      scope,
      tableNamed('systemuser'),
      { id: systemUserId },
      {
        lastname: 'SYSTEM',
        businessunitid: businessUnit,
      },
    );
    const people = listUsers(context.directory, environment.tenantId).filter((user) =>
      isLicensed(dataverse, user),
    );
    const owners = people.map((user) => {
      const id = idOf(`systemuser:${user.id}`);
      return addDirectoryUser(dataverse, user, { id, createdBy: systemUserId, businessUnitId }).id;
    });
    seedSales(scope, { idOf, owners: owners.length > 0 ? owners : [systemUserId] });
  });
}
