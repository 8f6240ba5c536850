import { expandScopes, type Scope, scopes } from '@latchkey/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from './support/start-product.ts';

interface Operation {
  method: string;
  path: string;
  /** What a key needs; null where every key will do. */
  scope: Scope | null;
  isOpen: boolean;
}

let product: Product;
let operations: Operation[];

beforeAll(async () => {
  product = await startProduct();
  operations = await readOperations();
});
afterAll(() => product?.close());

/** From the document that programs read, so that what it says is what holds. */
async function readOperations(): Promise<Operation[]> {
  const response = await fetch(`${product.hub.url}/openapi.json`);
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, { security?: { apiKey?: Scope[] }[] }>>;
  };
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/'))
    .flatMap(([path, calls]) =>
      Object.entries(calls).map(([method, { security = [] }]) => {
        const needed = security.flatMap(({ apiKey }) => apiKey ?? []);
        expect(needed.length, `${method} ${path}`).toBeLessThanOrEqual(1);
        return {
          method: method.toUpperCase(),
          path,
          scope: needed[0] ?? null,
          isOpen: security.length === 0,
        };
      }),
    );
}

/** Calls an operation with ids that name nothing, and no body: it does nothing even where it is let in. */
async function call({ method, path }: Operation, key: string): Promise<{ status: number; code: unknown }> {
  const address = path.replace('{id}', 'none').replace('{*}', 'api/data/v9.2/accounts');
  const response = await fetch(`${product.hub.url}${address}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
  });
  const text = await response.text();
  const code = text.startsWith('{') ? (JSON.parse(text) as { code?: unknown }).code : undefined;
  return { status: response.status, code };
}

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

describe('every call of the API', () => {
  it('says what a key needs, or that it needs none', () => {
    expect(operations.length).toBeGreaterThan(50);
    const needless = operations.filter(({ scope }) => scope === null).map(nameOf);
    expect(needless.toSorted()).toEqual([
      'DELETE /api/v1/session',
      'GET /api/v1/session',
      'GET /api/v1/settings',
      'POST /api/v1/environment-address',
      'POST /api/v1/session',
    ]);
    const used = new Set(operations.map(({ scope }) => scope));
    expect(scopes.filter((scope) => !used.has(scope))).toEqual([]);
  });

  it.each(scopes)('lets a key with %s do what that says, and nothing else', async (scope) => {
    const { key } = await product.client.apiKeys.create({ name: scope, scopes: [scope] });
    const granted = new Set(expandScopes([scope]));
    const refused = [];
    for (const operation of operations) {
      const { status, code } = await call(operation, key);
      // A HEAD has no body that would tell.
      if (code === 'scope_missing' || (operation.method === 'HEAD' && status === 403)) {
        refused.push(nameOf(operation));
      }
    }
    const others = operations.filter(
      (operation) => operation.scope !== null && !granted.has(operation.scope),
    );
    expect(refused).toEqual(others.map(nameOf));
  });

  it('lets a key for one connection do nothing with others', async () => {
    const connection = await product.client.connections.create({
      method: 'sign_in',
      environmentUrl: product.cloud.crm.http,
      clientId: '0f1e2d3c-4b5a-4968-8778-695a4b3c2d1e',
    });
    const { key } = await product.client.apiKeys.create({
      name: 'one connection',
      connectionIds: [connection.id],
    });
    const letIn = [];
    for (const operation of operations) {
      if (operation.isOpen || operation.scope === null) continue;
      if ((await call(operation, key)).status !== 403) letIn.push(nameOf(operation));
    }
    expect(letIn).toEqual(['GET /api/v1/connections']);
  });

  it.each([
    ['is revoked', 'api_key_revoked', (id: string) => product.client.apiKeys.revoke(id)],
    [
      'is replaced',
      'api_key_expired',
      (id: string) => product.client.apiKeys.rotate(id, { overlapHours: 0 }),
    ],
  ])('is closed to a key that %s', async (_name, expected, end) => {
    const { id, key } = await product.client.apiKeys.create({ name: 'old' });
    await end(id);
    const codes = new Set();
    for (const operation of operations.filter(({ isOpen, method }) => !isOpen && method !== 'HEAD')) {
      codes.add((await call(operation, key)).code);
    }
    expect([...codes]).toEqual([expected]);
  });
});

it('reads from the CRM by a key that may read from one connection only, and writes nothing', async () => {
  const made = await product.client.connections.create({
    method: 'sign_in',
    environmentUrl: product.cloud.crm.http,
    clientId: '0f1e2d3c-4b5a-4968-8778-695a4b3c2d1e',
  });
  const { key } = await product.client.apiKeys.create({
    name: 'report',
    scopes: ['connections:proxy-read'],
    connectionIds: [made.id],
  });
  const address = `${product.hub.url}/api/v1/connections/${made.id}/proxy/api/data/v9.2/accounts`;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const read = await fetch(address, { headers });
  // It comes as far as the connection, which nobody has signed in to yet.
  expect(await read.json()).toMatchObject({ code: 'connection_needs_sign_in' });
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
    const refused = await fetch(address, { method, headers, body: '{}' });
    expect(refused.headers.get('www-authenticate')).toContain('scope="connections:proxy"');
    expect(await refused.json()).toMatchObject({ code: 'scope_missing' });
  }
});
