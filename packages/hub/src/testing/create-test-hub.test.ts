import { describe, expect, it } from 'vitest';
import { createTestHub } from './create-test-hub.ts';
import { testEngines } from './test-database.ts';

describe.each(testEngines)('a test hub on %s', (engine) => {
  it('answers to its own API key and to nobody else', async () => {
    const hub = await createTestHub({ engine });
    const known = await hub.inject({ url: '/api/v1/settings' });
    const unknown = await hub.app.inject({ url: '/api/v1/settings' });
    await hub.close();
    expect(known.statusCode).toBe(200);
    expect(unknown.statusCode).toBe(401);
  });

  it('shares its database with one beside it', async () => {
    const hub = await createTestHub({ engine });
    const other = await createTestHub({ engine, beside: hub });
    const answer = await other.app.inject({
      url: '/api/v1/settings',
      headers: { authorization: `Bearer ${hub.apiKey}` },
    });
    await other.close();
    await hub.close();
    expect(answer.statusCode).toBe(200);
  });
});
