import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinkRewriter, type LinkRewriting } from './rewrite-links.ts';

const from = 'https://contoso.crm4.dynamics.com/api/data/';
const to = 'https://hub.example/api/v1/connections/c1/environment/api/data/';
const ofAnswers: LinkRewriting = {
  from,
  to,
  members: ['@odata.nextLink', '@odata.deltaLink'],
  heads: ['HTTP/1.1 '],
};
const ofRequests: LinkRewriting = {
  from: to,
  to: from,
  members: ['@odata.id', '@odata.bind'],
  heads: ['GET ', 'POST '],
};

function rewrite(body: string | Buffer, rewriting = ofAnswers, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(body);
  const rewriter = createLinkRewriter(rewriting);
  const out: Buffer[] = [];
  let begin = 0;
  for (const cut of [...cuts].map((at) => at % (bytes.length + 1)).toSorted((a, b) => a - b)) {
    out.push(rewriter.push(bytes.subarray(begin, cut)));
    begin = cut;
  }
  out.push(rewriter.push(bytes.subarray(begin)), rewriter.end());
  return Buffer.concat(out).toString('utf8');
}

const page = {
  '@odata.context': `${from}v9.2/$metadata#accounts(name)`,
  value: [
    {
      '@odata.id': `${from}v9.2/accounts(1)`,
      name: 'Ünïcode "quoted" \\ and a lie: "@odata.nextLink":"https://contoso.crm4.dynamics.com/api/data/x"',
      'contact_customer_accounts@odata.nextLink': `${from}v9.2/accounts(1)/contact_customer_accounts?$skiptoken=a%20b`,
      note: '@odata.nextLink',
    },
  ],
  '@odata.nextLink': `${from}v9.2/accounts?$select=name&$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E`,
  '@odata.deltaLink': `${from}v9.2/accounts?$deltatoken=919042%2108`,
};

function led(links: typeof page): typeof page {
  const lead = (link: string) => link.replace(from, to);
  const [row] = links.value;
  if (!row) throw new Error('The page has a row.');
  const name = 'contact_customer_accounts@odata.nextLink';
  return {
    ...links,
    value: [{ ...row, [name]: lead(row[name]) }],
    '@odata.nextLink': lead(links['@odata.nextLink']),
    '@odata.deltaLink': lead(links['@odata.deltaLink']),
  };
}

describe('a body of JSON', () => {
  it.each([0, 1, '\t'])(
    'has its followed links led to the hub, at every depth, and nothing else changed (indent %j)',
    (indent) => {
      expect(rewrite(JSON.stringify(page, null, indent))).toBe(JSON.stringify(led(page), null, indent));
    },
  );

  it('is the same wherever it is cut into chunks', () => {
    const body = JSON.stringify(page, null, 1);
    const expected = JSON.stringify(led(page), null, 1);
    const anywhere = fc.array(fc.nat(Buffer.byteLength(body)), { maxLength: 12 });
    fc.assert(
      fc.property(anywhere, (cuts) => {
        expect(rewrite(body, ofAnswers, cuts)).toBe(expected);
      }),
    );
    const everywhere = Array.from({ length: Buffer.byteLength(body) }, (_, at) => at);
    expect(rewrite(body, ofAnswers, everywhere)).toBe(expected);
  });

  it('passes through byte for byte where it has no links, whatever it is', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          '"',
          '\\',
          ':',
          '@odata.nextLink',
          '@odata.nextLink"',
          '{',
          ' ',
          '\r\n',
          '\nHTTP/1.1 ',
          'é',
        ),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(500)), (texts, cuts) => {
        const body = texts.join('');
        expect(rewrite(body, ofAnswers, cuts)).toBe(Buffer.from(body).toString('utf8'));
      }),
    );
  });

  it.each([
    [
      'escaped slashes',
      `{"@odata.nextLink":"${from.replaceAll('/', '\\/')}v9.2/accounts?a=1"}`,
      `${to}v9.2/accounts?a=1`,
    ],
    [
      'escaped characters',
      `{"@odata.nextLink":"\\u0068${from.slice(1)}accounts?x=%22\\u0026y=\\"\\\\"}`,
      `${to}accounts?x=%22&y="\\`,
    ],
    [
      'escapes behind its beginning',
      `{"@odata.nextLink" : \n "${from}accounts?x=1\\u0026y=2"}`,
      `${to}accounts?x=1&y=2`,
    ],
  ])('may have its link written with %s', (_what, body, link) => {
    const cuts = Array.from({ length: body.length }, (_, at) => at);
    expect(JSON.parse(rewrite(body))).toEqual({ '@odata.nextLink': link });
    expect(JSON.parse(rewrite(body, ofAnswers, cuts))).toEqual({ '@odata.nextLink': link });
  });

  it.each([
    ['another origin', 'https://other.example/api/data/v9.2/accounts'],
    ['another origin that begins alike', 'https://contoso.crm4.dynamics.com.evil.example/api/data/'],
    ['another part of the environment', 'https://contoso.crm4.dynamics.com/main.aspx'],
    ['a name that begins alike', 'https://contoso.crm4.dynamics.com/api/database/'],
    ['no address', ''],
    ['a broken escape', 'https:\\x'],
  ])('keeps a link to %s', (_what, link) => {
    const body = `{"@odata.nextLink":"${link}"}`;
    expect(rewrite(body)).toBe(body);
  });

  it.each([
    '{"@odata.nextLink":null}',
    '{"@odata.nextLink":7,"a":1}',
    `["@odata.nextLink","${from}accounts"]`,
    '{"a":"@odata.nextLink"}',
  ])('keeps %s, which is no link', (body) => {
    expect(rewrite(body)).toBe(body);
  });

  it.each(['{"@odata.nextLink"', '{"@odata.nextLink":', `{"@odata.nextLink":"${from}half`, '{"@odata.next'])(
    'that breaks off at %s is passed on as far as it came',
    (body) => {
      expect(rewrite(body, ofAnswers, [5, 12, 20])).toBe(body);
    },
  );

  it('holds back no more than may be a name', () => {
    const rewriter = createLinkRewriter(ofAnswers);
    expect(rewriter.push(Buffer.from('{"value":[{"name":"A"}]')).toString()).toBe('{"value":[{"name":"A"}]');
    expect(rewriter.push(Buffer.from(',"@odata')).toString()).toBe(',"');
    expect(rewriter.push(Buffer.from('.etag":"x"}')).toString()).toBe('@odata.etag":"x"}');
  });

  it('leads links of 32 KiB, and keeps no text of megabytes back', () => {
    const link = `${from}v9.2/accounts?$filter=${'x'.repeat(32_768)}`;
    expect(
      JSON.parse(rewrite(JSON.stringify({ '@odata.nextLink': link }), ofAnswers, [100, 20_000])),
    ).toEqual({
      '@odata.nextLink': link.replace(from, to),
    });
    const rewriter = createLinkRewriter(ofAnswers);
    const endless = Buffer.from(`{"@odata.nextLink":"${'x'.repeat(300 * 1024)}`);
    expect(rewriter.push(endless).length).toBeGreaterThan(250 * 1024);
  });
});

const batchAnswer = [
  '--batchresponse_1',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  '',
  'HTTP/1.1 201 Created',
  `Location: ${from}v9.2/accounts(1)`,
  `OData-EntityId:${from}v9.2/accounts(1)`,
  'Content-Length: 99',
  `X-Other: ${from}v9.2/accounts(1)`,
  '',
  '',
  '--batchresponse_1',
  'Content-Type: application/http',
  '',
  'HTTP/1.1 200 OK',
  'Content-Type: application/json; odata.metadata=minimal',
  '',
  JSON.stringify({
    value: [{ description: 'Location: nowhere' }],
    '@odata.nextLink': `${from}v9.2/accounts?$skiptoken=1`,
  }),
  '--batchresponse_1--',
  '',
];

const batchRequest = [
  '--batch_1',
  'Content-Type: application/http',
  '',
  `GET ${to}v9.2/accounts?$top=1 HTTP/1.1`,
  'Accept: application/json',
  '',
  '',
  '--batch_1',
  'Content-Type: application/http',
  '',
  `POST ${to}v9.2/contacts HTTP/1.1`,
  'Content-Type: application/json',
  '',
  `{"parent@odata.bind":"${to}v9.2/accounts(1)","@odata.id":"${to}v9.2/contacts(1)","url":"${to}v9.2"}`,
  '--batch_1--',
];

describe.each([
  ['\r\n', 'CRLF'],
  ['\n', 'LF'],
])('a batch with lines that end in %j', (lineEnd) => {
  it('has the links of its answers led to the hub, wherever it is cut', () => {
    const body = batchAnswer.join(lineEnd);
    const expected = batchAnswer
      .filter((line) => !line.startsWith('Content-Length'))
      .map((line) => (/^(Location|OData-EntityId|\{)/.test(line) ? line.replace(from, to) : line))
      .join(lineEnd);
    expect(rewrite(body)).toBe(expected);
    const anywhere = fc.array(fc.nat(body.length), { maxLength: 12 });
    fc.assert(
      fc.property(anywhere, (cuts) => {
        expect(rewrite(body, ofAnswers, cuts)).toBe(expected);
      }),
    );
  });

  it('has the addresses of its requests, and of the records that they name, led to the environment', () => {
    const body = batchRequest.join(lineEnd);
    const expected = batchRequest
      .map((line) =>
        line.startsWith('{')
          ? line.replace(to, from).replace(`id":"${to}`, `id":"${from}`)
          : line.replace(to, from),
      )
      .join(lineEnd);
    expect(rewrite(body, ofRequests)).toBe(expected);
    const everywhere = Array.from({ length: body.length }, (_, at) => at);
    expect(rewrite(body, ofRequests, everywhere)).toBe(expected);
  });
});
