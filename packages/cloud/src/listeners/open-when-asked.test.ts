import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { type LazyServer, openWhenAsked } from './open-when-asked.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve({ take }: LazyServer): Promise<string> {
  const server = createServer(take);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

it('opens once for requests that come together, and keeps their bodies', async () => {
  let count = 0;
  const lazy = openWhenAsked(async () => {
    count += 1;
    const app = Fastify();
    app.post('/', async ({ body }) => body);
    await app.ready();
    return app;
  });
  closing.push(() => lazy.close());
  const origin = await serve(lazy);
  expect(count).toBe(0);
  const post = async (text: string) => {
    const answer = await fetch(origin, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: text,
    });
    return answer.text();
  };
  expect(await Promise.all(['one', 'two'].map(post))).toEqual(['one', 'two']);
  expect(await post('three')).toBe('three');
  expect(count).toBe(1);
});

it('tells every caller why it could not be opened', async () => {
  const lazy = openWhenAsked(async () => {
    throw new Error('The directory has no Dataverse environment.');
  });
  const origin = await serve(lazy);
  for (const answer of [await fetch(origin), await fetch(origin)]) {
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('The directory has no Dataverse environment.');
  }
  await lazy.close();
});

it('is not opened any more once it is closed', async () => {
  const lazy = openWhenAsked(async () => Fastify());
  const origin = await serve(lazy);
  await lazy.close();
  await expect(fetch(origin)).rejects.toThrow('fetch failed');
});
