import { randomUUID } from 'node:crypto';
import { DynamicsWebApi } from 'dynamics-web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPerson } from './support/connect-person.ts';
import { type Product, startProduct } from './support/start-product.ts';

interface Account {
  accountid?: string;
  name: string;
  revenue?: number;
}

const dataApi = { version: '9.2' };
const select = ['name'];

let product: Product;
let connectionId: string;

beforeAll(async () => {
  product = await startProduct();
  connectionId = (await connectPerson(product)).connection.id;
});
afterAll(() => product.close());

function withTokensOfTheHub() {
  const api = new DynamicsWebApi({
    serverUrl: product.cloud.crm.http,
    dataApi,
    onTokenRefresh: async () => (await product.client.connections.token(connectionId)).accessToken,
  });
  return { api, nextPageOf: (link: string) => link };
}

function throughTheProxy() {
  const proxy = `${product.hub.url}/api/v1/connections/${connectionId}/proxy`;
  const api = new DynamicsWebApi({
    serverUrl: `${proxy}/`,
    dataApi,
    onTokenRefresh: async () => product.apiKey,
  });
  // The proxy leaves bodies as they are: the link names the environment, where the hub's key means nothing.
  return { api, nextPageOf: (link: string) => link.replace(product.cloud.crm.http, proxy) };
}

/** The client is told nothing but another address and the hub's key. */
function takingTheHubForTheEnvironment() {
  const api = new DynamicsWebApi({
    serverUrl: product.client.connections.environmentUrl(connectionId),
    dataApi,
    onTokenRefresh: async () => product.apiKey,
  });
  return { api, nextPageOf: (link: string) => link };
}

describe.each([
  ['with a token of the hub', withTokensOfTheHub],
  ['through the hub’s proxy', throughTheProxy],
  ['taking the hub for the environment', takingTheHubForTheEnvironment],
])('dynamics-web-api %s', (_way, connect) => {
  it('creates, retrieves, updates and deletes', async () => {
    const { api } = connect();
    const key: string = await api.create({
      collection: 'accounts',
      data: { name: 'Made by a client', revenue: 10 },
    });
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    const made = await api.retrieve<Account>({ collection: 'accounts', key, select: ['name', 'revenue'] });
    expect(made).toMatchObject({ accountid: key, name: 'Made by a client', revenue: 10 });

    const updated = await api.update<Account>({
      collection: 'accounts',
      key,
      data: { name: 'Renamed' },
      returnRepresentation: true,
      select: ['name', 'revenue'],
    });
    expect(updated).toMatchObject({ name: 'Renamed', revenue: 10 });

    expect(await api.deleteRecord({ collection: 'accounts', key })).toBe(true);
    await expect(api.retrieve({ collection: 'accounts', key })).rejects.toMatchObject({ status: 404 });
  });

  it('upserts: makes what is missing, changes what is there, and neither against its will', async () => {
    const { api } = connect();
    const key = randomUUID();
    const upsert = (name: string, only: { ifmatch?: string; ifnonematch?: string } = {}) =>
      api.upsert<Account>({
        collection: 'accounts',
        key,
        data: { name },
        returnRepresentation: true,
        ...only,
      });
    expect(await upsert('Upserted')).toMatchObject({ accountid: key, name: 'Upserted' });
    expect(await upsert('Upserted again')).toMatchObject({ accountid: key, name: 'Upserted again' });
    expect(await upsert('Not made', { ifnonematch: '*' })).toBeNull();
    expect(await api.retrieve<Account>({ collection: 'accounts', key, select })).toMatchObject({
      name: 'Upserted again',
    });
    await api.deleteRecord({ collection: 'accounts', key });
    expect(await upsert('Not made', { ifmatch: '*' })).toBeNull();
  });

  it('lists what a filter lets through, in order, and counts it', async () => {
    const { api } = connect();
    const prefix = `Filtered ${randomUUID()}`;
    for (const [index, name] of ['a', 'b', "c's"].entries()) {
      await api.create({ collection: 'accounts', data: { name: `${prefix} ${name}`, revenue: index } });
    }
    const filter = `startswith(name,'${prefix}') and revenue ge 1`;
    const { value, oDataCount } = await api.retrieveMultiple<Account>({
      collection: 'accounts',
      select,
      filter,
      orderBy: ['revenue desc'],
      count: true,
    });
    expect(value.map(({ name }) => name)).toEqual([`${prefix} c's`, `${prefix} b`]);
    expect(oDataCount).toBe(2);
    const quoted = `name eq '${prefix} c''s'`;
    expect(
      (await api.retrieveMultiple<Account>({ collection: 'accounts', filter: quoted })).value,
    ).toHaveLength(1);
    expect(await api.count({ collection: 'accounts', filter })).toBe(2);
  });

  it('pages by @odata.nextLink, each row once', async () => {
    const { api, nextPageOf } = connect();
    const { value: all } = await api.retrieveMultiple<Account>({ collection: 'accounts', select });
    const query = { collection: 'accounts', select, orderBy: ['name asc'], maxPageSize: 4 };
    const seen: unknown[] = [];
    let page = await api.retrieveMultiple<Account>(query);
    for (;;) {
      expect(page.value.length).toBeLessThanOrEqual(query.maxPageSize);
      seen.push(...page.value.map(({ accountid }) => accountid));
      if (!page.oDataNextLink) break;
      page = await api.retrieveMultiple<Account>(query, nextPageOf(page.oDataNextLink));
    }
    expect(seen.length).toBeGreaterThan(query.maxPageSize);
    expect(seen).toHaveLength(all.length);
    expect(new Set(seen)).toEqual(new Set(all.map(({ accountid }) => accountid)));
  });

  it('gets the CRM’s own errors', async () => {
    const { api } = connect();
    await expect(
      api.retrieveMultiple({ collection: 'accounts', filter: 'nosuch eq 1' }),
    ).rejects.toMatchObject({
      status: 400,
      code: '0x80060888',
      message: expect.stringContaining('nosuch'),
    });
    await expect(api.create({ collection: 'nosuchthings', data: {} })).rejects.toMatchObject({ status: 404 });
    const key: string = await api.create({ collection: 'accounts', data: { name: 'Watched' } });
    const stale = api.update({ collection: 'accounts', key, data: { name: 'x' }, ifmatch: 'W/"1"' });
    await expect(stale).resolves.toBe(false);
  });
});

describe.each([
  ['with a token of the hub', withTokensOfTheHub],
  ['taking the hub for the environment', takingTheHubForTheEnvironment],
])('dynamics-web-api %s', (_way, connect) => {
  it('fetches all pages by itself', async () => {
    const { api } = connect();
    const { value } = await api.retrieveAll<Account>({ collection: 'accounts', select });
    expect(value.length).toBeGreaterThan(0);
  });
});
