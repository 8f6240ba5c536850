import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecordStore } from '../storage/record-store.ts';
import { tableNamed } from '../tables/schema.ts';
import { makeAccount } from '../testing/make-account.ts';
import { crmOrigin, firstRow, openTestCrm, type TestCrm } from '../testing/open-test-crm.ts';
import type { QueryOptions } from './query-options.ts';
import { countRows, runQuery } from './run-query.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm();
});
afterEach(() => crm.close());

interface Page {
  '@odata.nextLink'?: string;
  value: { name: string; accountid: string }[];
}

async function pages(path: string, size: number): Promise<string[][]> {
  const found: string[][] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const page: Page = (await crm.get(next, { prefer: `odata.maxpagesize=${size}` })).json();
    found.push(page.value.map(({ name }) => name));
    next = page['@odata.nextLink']?.replace(crmOrigin, '');
  }
  return found;
}

const own = "$filter=startswith(name,'Q ')";

async function make(...rows: Record<string, unknown>[]): Promise<void> {
  for (const row of rows) await makeAccount(crm, row);
}

describe('order', () => {
  it('sorts text without regard to case and accents', async () => {
    await make({ name: 'Q éc' }, { name: 'Q Eb' }, { name: 'Q ea' }, { name: 'Q f' });
    const [sorted] = await pages(`accounts?$select=name&$orderby=name&${own}`, 10);
    expect(sorted).toEqual(['Q ea', 'Q Eb', 'Q éc', 'Q f']);
  });

  it('lets the next column decide between texts that differ by case and accents alone', async () => {
    await make({ name: 'Q é', revenue: 1 }, { name: 'Q E', revenue: 2 }, { name: 'Q e', revenue: 3 });
    const found = await pages(`accounts?$select=name&$orderby=name,revenue desc&${own}`, 1);
    expect(found.flat()).toEqual(['Q e', 'Q E', 'Q é']);
  });

  it.each([
    ['revenue', ['Q none', 'Q nine', 'Q ten']],
    ['revenue asc', ['Q none', 'Q nine', 'Q ten']],
    ['revenue desc', ['Q ten', 'Q nine', 'Q none']],
    ['creditonhold,name', ['Q nine', 'Q ten', 'Q none']],
    ['creditonhold desc,name', ['Q none', 'Q nine', 'Q ten']],
    ['accountcategorycode,name', ['Q ten', 'Q none', 'Q nine']],
    ['@o desc&@o=revenue', undefined],
  ])('sorts by %s', async (order, expected) => {
    await make(
      { name: 'Q nine', revenue: 9, accountcategorycode: 2 },
      { name: 'Q ten', revenue: 10 },
      { name: 'Q none', creditonhold: true, accountcategorycode: 1 },
    );
    const answer = await crm.get(`accounts?$select=name&${own}&$orderby=${order}`);
    const names =
      answer.statusCode === 200 ? answer.json().value.map((row: Page['value'][0]) => row.name) : undefined;
    expect(names).toEqual(expected);
  });

  it('gives rows of one place an order of their own, by their ids', async () => {
    await make({ name: 'Q same' }, { name: 'Q same' }, { name: 'Q same' });
    const answer = await crm.get(`accounts?$select=name&$orderby=name desc&${own}`);
    const page: Page = answer.json();
    const ids = page.value.map(({ accountid }) => accountid);
    expect(ids).toEqual(ids.toSorted());
  });
});

describe('pages', () => {
  it('go on after values that XML would take for its own, and after none', async () => {
    const names = ['Q "quoted"', 'Q & Sons', 'Q <b> &amp; </b>', 'Q 100%', 'Q +1', 'Q {x}'];
    await make(...names.map((name) => ({ name })), { name: 'Q zz', description: 'x' });
    for (const order of ['name', 'name desc', 'description,name']) {
      const [whole] = await pages(`accounts?$select=name&$orderby=${order}&${own}`, 50);
      expect(await pages(`accounts?$select=name&$orderby=${order}&${own}`, 1)).toEqual(
        whole?.map((name) => [name]),
      );
    }
  });

  it('go on after numbers, choices, times and the names of other rows', async () => {
    for (const order of [
      'revenue desc',
      'accountid desc',
      'accountnumber',
      'versionnumber desc',
      'numberofemployees',
      'industrycode desc,name',
      'createdon desc',
      '_primarycontactid_value desc',
      'creditonhold desc',
      'primarycontactid/fullname',
    ]) {
      const [whole] = await pages(`accounts?$select=name&$orderby=${order}`, 50);
      const parts = await pages(`accounts?$select=name&$orderby=${order}`, 20);
      expect(parts.map((part) => part.length)).toEqual([20, 20, 2]);
      expect(parts.flat()).toEqual(whole);
    }
  });

  it('end without a link where the last one is full', async () => {
    await make({ name: 'Q 1' }, { name: 'Q 2' }, { name: 'Q 3' }, { name: 'Q 4' });
    expect((await pages(`accounts?$select=name&$orderby=name&${own}`, 2)).map((page) => page.length)).toEqual(
      [2, 2],
    );
    expect(await pages("accounts?$filter=name eq 'nobody'", 2)).toEqual([[]]);
  });

  it('count on, and keep the other options of the request', async () => {
    const first = (
      await crm.get('accounts?$select=name&$count=true', { prefer: 'odata.maxpagesize=20' })
    ).json();
    const second = await crm.get(first['@odata.nextLink'].replace(crmOrigin, ''), {
      prefer: 'odata.maxpagesize=20',
    });
    const link = decodeURIComponent(second.json()['@odata.nextLink']);
    expect(link).toContain('?$select=name&$count=true&$skiptoken=<cookie pagenumber="3"');
    expect(decodeURIComponent(link)).toContain('<cookie page="2">');
    expect(link.match(/skiptoken/g)).toHaveLength(1);
  });

  it('are linked by a cookie that names the last and the first row of the page before', async () => {
    await make({ name: 'Q "a" & <b>', revenue: 7 }, { name: 'Q c' }, { name: 'Q d' });
    const order = 'name,revenue desc,primarycontactid/fullname,creditonhold';
    const page: Page = (
      await crm.get(`accounts?$select=name&$orderby=${order}&${own}`, { prefer: 'odata.maxpagesize=2' })
    ).json();
    const token = new URL(page['@odata.nextLink'] ?? '').searchParams.get('$skiptoken') ?? '';
    const [, pageNumber, encoded = ''] =
      /^<cookie pagenumber="(\d+)" pagingcookie="([^"]*)" istracking="False" \/>$/.exec(token) ?? [];
    expect(pageNumber).toBe('2');
    expect(encoded).toMatch(/^%3ccookie%20page%3d%221%22%3e%3cname%20last%3d/);
    const [first, last] = page.value.map(({ accountid }) => accountid.toUpperCase());
    expect(decodeURIComponent(encoded)).toBe(
      [
        '<cookie page="1">',
        '<name last="Q c" first="Q &quot;a&quot; &amp; &lt;b&gt;" />',
        '<revenue lastnull="1" first="7" />',
        '<primarycontactid.fullname lastnull="1" firstnull="1" />',
        '<creditonhold last="0" first="0" />',
        `<accountid last="{${last}}" first="{${first}}" />`,
        '</cookie>',
      ].join(''),
    );
  });

  it('go on in the place of the row that the cookie names, though that row is gone', async () => {
    await make({ name: 'Q 1' }, { name: 'Q 2' }, { name: 'Q 3' });
    const first: Page = (
      await crm.get(`accounts?$select=name&$orderby=name&${own}`, { prefer: 'odata.maxpagesize=2' })
    ).json();
    for (const { accountid } of first.value) await crm.call('DELETE', `accounts(${accountid})`);
    const link = (first['@odata.nextLink'] ?? '').replace(crmOrigin, '');
    const second: Page = (await crm.get(link)).json();
    expect(second.value.map(({ name }) => name)).toEqual(['Q 3']);
  });

  it('are as large as the caller wants, whatever $top says', async () => {
    const answer = await crm.get('accounts?$select=name&$top=5', { prefer: 'odata.maxpagesize=3' });
    const page: Page = answer.json();
    expect(page.value).toHaveLength(3);
    expect(page['@odata.nextLink']).toBeDefined();
  });

  it.each([
    ['of another order', '$orderby=revenue', '$orderby=name'],
    ['of more columns', '$orderby=name,revenue', '$orderby=name'],
    ['of fewer columns', '$orderby=name', '$orderby=name,revenue'],
    ['of one column more that is named alike', '$orderby=accountid', '$orderby='],
  ])('refuse a link %s', async (_case, given, taken) => {
    const first: Page = (await crm.get(`accounts?${given}`, { prefer: 'odata.maxpagesize=1' })).json();
    const link = (first['@odata.nextLink'] ?? '').replace(crmOrigin, '').replace(given, taken);
    const answer = await crm.get(link);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, '0x80040203']);
  });

  it.each([
    ['before', (token: string) => `x${token}`],
    ['after', (token: string) => `${token}x`],
  ])('refuse a cookie with something %s it', async (_where, change) => {
    const page: Page = (await crm.get('accounts?$orderby=name', { prefer: 'odata.maxpagesize=1' })).json();
    const token = new URL(page['@odata.nextLink'] ?? '').searchParams.get('$skiptoken') ?? '';
    const follow = (text: string) => crm.get(`accounts?$orderby=name&$skiptoken=${encodeURIComponent(text)}`);
    const answer = await follow(change(token));
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      400,
      'Malformed XML in the Paging Cookie',
    ]);
    expect((await follow(token)).statusCode).toBe(200);
  });

  it.each([
    '<cookie pagenumber="2" pagingcookie="%25" istracking="False" />',
    'x<cookie pagenumber="2" pagingcookie="" istracking="False" />',
    '<cookie pagenumber="2" pagingcookie="" istracking="False" />x',
    '<cookie pagenumber="-1" pagingcookie="" istracking="False" />',
    '<cookie pagenumber="2" pagingcookie="" istracking="False" />',
    '<cookie pagenumber="2" pagingcookie="%3caccountid%20last%3d%22x%22" istracking="True" />',
    '<cookie pagenumber="2222222222" pagingcookie="%3caccountid%20last%3d%22x%22" istracking="False" />',
    '<cookie pagenumber="2" pagingcookie="%3cname%20last%3d%22x%22" istracking="False" />',
    'nonsense',
    '',
  ])('refuse %s', async (cookie) => {
    const answer = await crm.get(`accounts?$skiptoken=${encodeURIComponent(cookie)}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, '0x80040203']);
  });
});

describe('a table of more than 5,000 rows', () => {
  const rows = Array.from({ length: 5_001 }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    version: index,
    values: { name: `Q ${index}` },
  }));
  const options: QueryOptions = {
    select: null,
    filter: null,
    orderBy: [],
    top: null,
    count: true,
    skipToken: null,
    aliases: new Map(),
  };
  const run = (changes: Partial<QueryOptions>, pageSize: number | null) => {
    const store = openRecordStore(crm.context.directory, 'another');
    return runQuery({ store, table: tableNamed('account'), rows }, { ...options, ...changes }, pageSize);
  };

  it.each([null, 5_001, 9_999])('comes in pages of 5,000 where the caller wants pages of %s', (pageSize) => {
    const first = run({}, pageSize);
    expect([first.records.length, first.total]).toEqual([5_000, 5_001]);
    const skipToken = decodeURIComponent(first.nextSkipToken ?? '');
    const second = run({ skipToken }, pageSize);
    expect(second.records.map(({ version }) => version)).toEqual([5_000]);
    expect([second.total, second.nextSkipToken]).toEqual([5_001, null]);
  });

  it('gives the top of it without a link', () => {
    const { records, nextSkipToken } = run({ top: 4_999 }, null);
    expect([records.length, nextSkipToken]).toEqual([4_999, null]);
  });

  it('is counted whole', () => {
    const store = openRecordStore(crm.context.directory, 'another');
    expect(countRows({ store, table: tableNamed('account'), rows }, options)).toBe(5_001);
  });
});

describe('$top', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['42', 42],
    ['5000', 42],
  ])('%s brings %i rows and no link', async (top, count) => {
    const page: Page = (await crm.get(`accounts?$select=name&$top=${top}`)).json();
    expect(page.value).toHaveLength(count);
    expect(page).not.toHaveProperty('@odata.nextLink');
  });

  it.each(['5001', '-1', '1.5', 'x', '9999999999', ''])('refuses %s', async (top) => {
    const answer = await crm.get(`accounts?$top=${top}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, '0x80060888']);
  });
});

it('sorts by the names of the rows that lookups point at, and by nothing where they are gone', async () => {
  const contact = async (lastname: string) => {
    const answer = await crm.call('POST', 'contacts', {
      body: { lastname },
      headers: { prefer: 'return=representation' },
    });
    return answer.json().contactid;
  };
  const [b, a] = [await contact('Bee'), await contact('Ant')];
  const bind = (id: string) => ({ 'primarycontactid@odata.bind': `/contacts(${id})` });
  await make({ name: 'Q b', ...bind(b) }, { name: 'Q a', ...bind(a) }, { name: 'Q none' });
  for (const [order, expected] of [
    ['_primarycontactid_value', ['Q none', 'Q a', 'Q b']],
    ['_primarycontactid_value desc', ['Q b', 'Q a', 'Q none']],
    ['primarycontactid/lastname desc', ['Q b', 'Q a', 'Q none']],
  ] as const) {
    expect(await pages(`accounts?$select=name&$orderby=${order}&${own}`, 10)).toEqual([expected]);
    expect((await pages(`accounts?$select=name&$orderby=${order}&${own}`, 1)).flat()).toEqual(expected);
  }
});

describe('$select', () => {
  it('names the columns in the context, and brings the currency beside money', async () => {
    await make({ name: 'Q rich', revenue: 5 });
    const money = (await crm.get(`accounts?$select=name,revenue&${own}`)).json();
    expect(money['@odata.context']).toBe(`${crmOrigin}/api/data/v9.2/$metadata#accounts(name,revenue)`);
    expect(Object.keys(firstRow(money)).toSorted()).toEqual(
      ['@odata.etag', '_transactioncurrencyid_value', 'accountid', 'name', 'revenue'].toSorted(),
    );
    const plain = (await crm.get(`accounts?$select=name,_transactioncurrencyid_value&${own}`)).json();
    expect(Object.keys(firstRow(plain))).toContain('_transactioncurrencyid_value');
  });

  it('refuses a name that the table does not have', async () => {
    const answer = await crm.get('accounts?$select=name,nothing');
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      400,
      "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.account'.",
    ]);
  });

  it('brings all columns for the star, also beside a name', async () => {
    for (const select of ['*', 'name,*', '']) {
      const answer = (await crm.get(`accounts?$top=1&$select=${select}`)).json();
      expect(answer['@odata.context']).toBe(`${crmOrigin}/api/data/v9.2/$metadata#accounts`);
      expect(answer.value[0]).toHaveProperty('telephone1');
    }
  });

  it('brings a column once, and no currency where there is no money', async () => {
    const answer = (await crm.get('accounts?$top=1&$select=accountid,name,name')).json();
    expect(Object.keys(firstRow(answer))).toEqual(['@odata.etag', 'accountid', 'name']);
  });

  it('refuses a path through another row', async () => {
    const answer = await crm.get('accounts?$select=primarycontactid/fullname');
    expect(answer.json().error.message).toContain("'primarycontactid/fullname'");
    expect(answer.statusCode).toBe(400);
  });
});

it.each([
  ['accounts/$count?$top=1', "'$top' can't be used"],
  ['accounts/$count?$orderby=name', "'$orderby' can't be used"],
  ['accounts?$filter=name%20eq%20%27a%27&@p=1&@p=2', "'@p' was specified more than once"],
  ['accounts?$count=TRUE', "Invalid value 'TRUE'"],
  ['accounts?$count=', "Invalid value ''"],
  ['accounts?$orderby=primarycontactid', 'primarycontactid'],
  ['accounts?$orderby=nothing/name', "'nothing'"],
  ['accounts?$orderby=name add 1', 'must evaluate to a single value'],
])('refuses %s', async (path, message) => {
  const answer = await crm.get(path);
  expect([answer.statusCode, answer.json().error.code]).toEqual([400, '0x80060888']);
  expect(answer.json().error.message).toContain(message);
});

it('counts no rows unless the caller asks', async () => {
  for (const query of ['', '?$count=false']) {
    expect((await crm.get(`accounts${query}`)).json()).not.toHaveProperty('@odata.count');
  }
});
