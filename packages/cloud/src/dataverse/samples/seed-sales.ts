import { formatDay } from '../records/moment.ts';
import { type WriteScope, writeRecord } from '../records/write-record.ts';
import type { Reference, Values } from '../storage/record-store.ts';
import { tableNamed } from '../tables/schema.ts';
import { type SampleCompany, sampleCompanies } from './sample-companies.ts';
import { dealTopics, firstNames, jobTitles, lastNames, leadTopics } from './sample-people.ts';

const day = 86_400_000;
const year = 365 * day;
const contactsPerAccount = 2;
const leadCount = 30;
const opportunityCount = 36;
/** The first account number; the others count on from it. */
const firstAccountNumber = 10_001;
const phoneBase = 5_550_100;
const contactAge = 25 * year;
const ageStep = 211 * day;
const creditShare = 0.05;
const dealShare = 0.002;
const budgetShare = 0.8;
const probabilityStep = 10;
const qualifiedLeads = 7;
const won = { statecode: 1, statuscode: 3 } as const;
const lost = { statecode: 2, statuscode: 4 } as const;

/** What the sample rows hang on. */
interface SampleBase {
  /** A row's id by a name of its own. */
  idOf(name: string): string;
  /** `systemuserid`s that own the rows in turn; at least one. */
  owners: readonly string[];
}

/** Writes sample accounts, contacts, leads and opportunities, made over the past months. */
export function seedSales(scope: WriteScope, base: SampleBase): void {
  for (const [index, company] of sampleCompanies.entries()) seedAccount(scope, base, company, index);
  for (let index = 0; index < leadCount; index += 1) seedLead(scope, base, index);
  for (let index = 0; index < opportunityCount; index += 1) seedOpportunity(scope, base, index);
}

function seedAccount(scope: WriteScope, base: SampleBase, company: SampleCompany, index: number): void {
  const [name, street, postalCode, city, country, industry, employees, revenue] = company;
  const account: Reference = { table: 'account', id: base.idOf(`account:${index}`) };
  const address = { address1_city: city, address1_country: country };
  write(scope, base, account, index, {
    name,
    accountnumber: `AC-${firstAccountNumber + index}`,
    industrycode: industry,
    customertypecode: index % 4 === 0 ? 8 : 3,
    accountcategorycode: index % 5 === 0 ? 1 : 2,
    numberofemployees: employees,
    revenue,
    creditlimit: revenue * creditShare,
    creditonhold: index % 11 === 5,
    telephone1: phone(index),
    websiteurl: `https://www.${domainOf(name)}`,
    emailaddress1: `info@${domainOf(name)}`,
    address1_line1: street,
    address1_postalcode: postalCode,
    ...address,
    ...(index % 14 === 13 && { statecode: 1, statuscode: 2 }),
  });
  const contacts = Array.from({ length: contactsPerAccount }, (_, place) => {
    const number = index * contactsPerAccount + place;
    const contact: Reference = { table: 'contact', id: base.idOf(`contact:${number}`) };
    const [firstname, lastname] = personNamed(number);
    write(scope, base, contact, number, {
      firstname,
      lastname,
      jobtitle: pick(jobTitles, number),
      emailaddress1: mailbox(firstname, lastname, domainOf(name)),
      telephone1: phone(number),
      birthdate: formatDay(scope.now - contactAge - number * ageStep),
      parentcustomerid: account,
      ...address,
    });
    return contact;
  });
  // Every seventh account has contacts but no primary one, so that empty lookups show.
  const [primary] = contacts;
  const before = scope.store.find('account', account.id);
  if (index % 7 === 6 || !primary || !before) return;
  const ownScope = { ...scope, userId: pick(base.owners, index), now: madeAt(scope, index) };
  writeRecord(ownScope, tableNamed('account'), { id: account.id, before }, { primarycontactid: primary });
}

function seedLead(scope: WriteScope, base: SampleBase, index: number): void {
  const offset = sampleCompanies.length * contactsPerAccount;
  const [firstname, lastname] = personNamed(offset + index);
  const company = pick(
    ['Blue Ridge Tools', 'Harbour Lights', 'Kestrel Logistics', 'Mill & Sons', 'Nordwand'],
    index,
  );
  write(scope, base, { table: 'lead', id: base.idOf(`lead:${index}`) }, index, {
    subject: pick(leadTopics, index),
    firstname,
    lastname,
    companyname: company,
    jobtitle: pick(jobTitles, index),
    emailaddress1: mailbox(firstname, lastname, domainOf(company)),
    telephone1: phone(offset + index),
    leadsourcecode: (index % 10) + 1,
    leadqualitycode: (index % 3) + 1,
    budgetamount: (index + 1) * 2_500,
    estimatedclosedate: formatDay(scope.now + (index + 1) * 3 * day),
    ...(index % qualifiedLeads === 0 && { statecode: 1, statuscode: 3 }),
    ...(index % qualifiedLeads === 3 && { statecode: 2, statuscode: 6 }),
  });
}

function seedOpportunity(scope: WriteScope, base: SampleBase, index: number): void {
  const place = (index * 5) % sampleCompanies.length;
  const account: Reference = { table: 'account', id: base.idOf(`account:${place}`) };
  const contact: Reference = { table: 'contact', id: base.idOf(`contact:${place * contactsPerAccount}`) };
  const value = Math.round((sampleCompanies[place]?.[7] ?? 0) * dealShare);
  const isWon = index % 5 === 3;
  write(scope, base, { table: 'opportunity', id: base.idOf(`opportunity:${index}`) }, index, {
    name: pick(dealTopics, index),
    customerid: account,
    parentaccountid: account,
    parentcontactid: contact,
    estimatedvalue: value,
    budgetamount: Math.round(value * budgetShare),
    closeprobability: ((index % 9) + 1) * probabilityStep,
    salesstage: index % 4,
    opportunityratingcode: (index % 3) + 1,
    estimatedclosedate: formatDay(scope.now + (index + 2) * 5 * day),
    ...(isWon && { ...won, actualvalue: value, actualclosedate: formatDay(madeAt(scope, index) + day) }),
    ...(index % 6 === 4 && !isWon && { ...lost, actualclosedate: formatDay(madeAt(scope, index) + day) }),
  });
}

function write(
  scope: WriteScope,
  { owners }: SampleBase,
  { table, id }: Reference,
  index: number,
  values: Values,
): void {
  const userId = pick(owners, index);
  writeRecord({ ...scope, userId, now: madeAt(scope, index) }, tableNamed(table), { id }, values);
}

/** The further down the list, the longer ago. */
function madeAt({ now }: WriteScope, index: number): number {
  return now - (index + 1) * 4 * day;
}

function personNamed(number: number): readonly [first: string, last: string] {
  return [pick(firstNames, number), pick(lastNames, number)];
}

function phone(number: number): string {
  return `+44 20 ${phoneBase + number}`;
}

function mailbox(first: string, last: string, domain: string): string {
  return `${asciiWord(first)}.${asciiWord(last)}@${domain}`;
}

/** A host name under the reserved `example` domain, so that no sample address is anybody's. */
function domainOf(company: string): string {
  return `${asciiWord(company)}.example`;
}

function asciiWord(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll(/[^a-z0-9]/g, '');
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}
