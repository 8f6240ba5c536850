import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';
import { testEngines } from '../testing/test-database.ts';
import { acceptsApiKey } from './accepts-api-key.ts';
import { createApiKey } from './create-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';

describe.each(testEngines)('whether a key is let in, on %s', (engine) => {
  async function open() {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    return hub;
  }

  it('is yes for a key of this database', async () => {
    const hub = await open();
    expect(await acceptsApiKey(hub.context, hub.apiKey)).toBe(true);
  });

  it('is no for a key that was made elsewhere, whatever keys there are here', async () => {
    const [hub, elsewhere] = [await open(), await open()];
    expect(await acceptsApiKey(hub.context, elsewhere.apiKey)).toBe(false);
    expect(await acceptsApiKey(hub.context, '')).toBe(false);
  });

  it('is no once the key is revoked, and stays yes for the others', async () => {
    const hub = await open();
    const { row, key } = await createApiKey(hub.context, { name: 'old' });
    await revokeApiKey(hub.context, row.id);
    expect(await acceptsApiKey(hub.context, key)).toBe(false);
    expect(await acceptsApiKey(hub.context, hub.apiKey)).toBe(true);
  });
});
