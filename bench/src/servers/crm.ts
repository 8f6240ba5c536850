import { listen } from './listen.ts';
import { announceReady } from './serve.ts';

/** An answer of 2 KB, as a page of accounts is. */
const bodyBytes = 2048;

function pageOfAccounts(): string {
  const value: object[] = [];
  const page = () =>
    JSON.stringify({ '@odata.context': 'https://contoso.crm4.dynamics.com/accounts', value });
  while (page().length < bodyBytes)
    value.push({ accountid: crypto.randomUUID(), name: `Account ${value.length}` });
  return page();
}

const body = pageOfAccounts();
const headers = {
  'content-type': 'application/json; odata.metadata=minimal',
  'content-length': Buffer.byteLength(body),
  'odata-version': '4.0',
  'x-ms-ratelimit-burst-remaining-xrm-requests': '7999',
};

announceReady({ origin: await listen((_request, response) => response.writeHead(200, headers).end(body)) });
