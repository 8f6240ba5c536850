import type { ApiKey } from '@latchkey/api';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { damageRow } from '../testing/damage-row.ts';
import { testEngines } from '../testing/test-database.ts';

let hub: TestHub;

describe.each(testEngines)('a damaged API key on %s', (engine) => {
  beforeEach(async () => {
    hub = await createTestHub({ engine });
  });
  afterEach(() => hub.close());

  it.each([
    { created_at: engine === 'sqlite' ? 1e30 : 1e18 },
    { last_used_at: 1e16 },
    { revoked_at: -1 },
    ...(engine === 'sqlite' ? [{ prefix: sql.raw("x'00'") }] : []),
  ])('is shown beside the others and can be revoked: %j', async (values) => {
    const url = '/api/v1/api-keys';
    const made = await hub.inject({ method: 'POST', url, payload: { name: 'damaged' } });
    const { id } = made.json<ApiKey>();
    await damageRow(hub, 'api_keys', { id }, values);
    const { items } = (await hub.inject({ method: 'GET', url })).json<{ items: ApiKey[] }>();
    const shown = items.find((key) => key.id === id);
    expect(shown).toMatchObject({ failure: { code: 'stored_data_damaged' } });
    expect(items.find(({ name }) => name === 'test')).not.toHaveProperty('failure');
    expect((await hub.inject({ method: 'DELETE', url: `${url}/${id}` })).statusCode).toBe(204);
  });
});
