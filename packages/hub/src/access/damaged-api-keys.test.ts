import type { ApiKey } from '@latchkey/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';

let hub: TestHub;

beforeEach(async () => {
  hub = await createTestHub();
});
afterEach(() => hub.close());

it.each([{ created_at: 1e30 }, { last_used_at: 1e16 }, { revoked_at: -1 }])(
  'a damaged API key is shown beside the others and can be revoked: %j',
  async (values) => {
    const url = '/api/v1/api-keys';
    const made = await hub.inject({ method: 'POST', url, payload: { name: 'damaged' } });
    const { id } = made.json<ApiKey>();
    await hub.context.store.db.updateTable('api_keys').set(values).where('id', '=', id).execute();
    const { items } = (await hub.inject({ method: 'GET', url })).json<{ items: ApiKey[] }>();
    const shown = items.find((key) => key.id === id);
    expect(shown).toMatchObject({ failure: { code: 'stored_data_damaged' } });
    expect(items.find(({ name }) => name === 'test')).not.toHaveProperty('failure');
    expect((await hub.inject({ method: 'DELETE', url: `${url}/${id}` })).statusCode).toBe(204);
  },
);
