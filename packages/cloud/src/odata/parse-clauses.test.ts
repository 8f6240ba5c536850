import { expect, it } from 'vitest';
import { ODataSyntaxError } from './odata-syntax-error.ts';
import { parseExpand, parseOrderBy, parseSelect } from './parse-clauses.ts';
import { parseResourcePath } from './parse-resource-path.ts';

it('reads $select with paths and the star', () => {
  expect(parseSelect('name, revenue,primarycontactid/fullname,*')).toEqual([
    ['name'],
    ['revenue'],
    ['primarycontactid', 'fullname'],
    ['*'],
  ]);
  expect(() => parseSelect('name,')).toThrow(ODataSyntaxError);
});

it('reads $orderby with directions, ascending by default', () => {
  expect(parseOrderBy('name desc,createdon asc,revenue').map((item) => item.descending)).toEqual([
    true,
    false,
    false,
  ]);
  expect(() => parseOrderBy('name down')).toThrow('Syntax error at position 5');
});

it('reads $expand with every option, nested', () => {
  expect(
    parseExpand(
      "primarycontactid($select=fullname;$expand=ownerid($select=name)),contact_customer_accounts/$ref,x($filter=contains(a,'b;c');$orderby=a desc,b;$top=5;$count=true)",
    ),
  ).toMatchObject([
    {
      names: ['primarycontactid'],
      select: [['fullname']],
      expand: [{ names: ['ownerid'], select: [['name']] }],
    },
    { names: ['contact_customer_accounts', '$ref'] },
    {
      names: ['x'],
      filter: { kind: 'call', name: 'contains' },
      orderBy: [{ descending: true }, { descending: false }],
      plain: { $top: '5', $count: 'true' },
    },
  ]);
  expect(() => parseExpand('a($search=x)')).toThrow("Query option '$search' is not known within $expand");
  expect(() => parseExpand('a($expand='.repeat(500))).toThrow('Recursion limit reached');
});

it('reads resource paths: keys, functions, slashes within quotes', () => {
  expect(parseResourcePath('')).toEqual([]);
  expect(parseResourcePath('WhoAmI()')).toEqual([{ name: 'WhoAmI', arguments: [] }]);
  expect(parseResourcePath("accounts(accountnumber='A/1',x=2)/name/$value")).toMatchObject([
    { name: 'accounts', arguments: [{ name: 'accountnumber', value: { text: 'A/1' } }, { name: 'x' }] },
    { name: 'name', arguments: null },
    { name: '$value', arguments: null },
  ]);
  expect(() => parseResourcePath('accounts(')).toThrow(ODataSyntaxError);
  expect(() => parseResourcePath('accounts//name')).toThrow(ODataSyntaxError);
});
