import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';

async function openWithUi() {
  const webFolder = path.join(makeTemporaryFolder(), 'dist');
  mkdirSync(path.join(webFolder, 'assets'), { recursive: true });
  writeFileSync(path.join(webFolder, 'index.html'), '<title>the UI</title>');
  writeFileSync(path.join(webFolder, 'icon.svg'), '<svg/>');
  writeFileSync(path.join(webFolder, 'assets', 'main-a1b2.js'), 'run()');
  writeFileSync(path.join(webFolder, '.env'), 'secret');
  writeFileSync(path.join(webFolder, '..', 'secret.txt'), 'secret');
  const hub = await createTestHub({ config: { webFolder } });
  onTestFinished(() => hub.close());
  return hub;
}

const navigation = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the UI', () => {
  it.each([
    '/',
    '/enter',
    '/connections/new',
    '/connections/',
    '/connections/1?signed-in=1',
    '/registrations/1',
  ])('is one document at %s, asked for anew each time', async (url) => {
    const hub = await openWithUi();
    const answer = await hub.app.inject({ url, headers: navigation });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('the UI');
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('has files that never change, and others', async () => {
    const hub = await openWithUi();
    const digested = await hub.app.inject({ url: '/assets/main-a1b2.js' });
    const icon = await hub.app.inject({ url: '/icon.svg' });
    expect(digested.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(digested.headers['content-type']).toContain('javascript');
    expect(icon.headers['cache-control']).toBe('no-cache');
  });

  it.each([
    ['an address of the API', '/api/v1/nothing', navigation],
    ['a file that is not there', '/assets/gone.js', navigation],
    ['a program', '/connections/1', { accept: 'application/json' }],
    ['a folder', '/assets', { accept: '*/*' }],
    ['a folder with a slash', '/assets/', { accept: '*/*' }],
    ['a folder that is not there', '/gone/', { accept: '*/*' }],
    ['the folder of the files', '/assets/', navigation],
    ['a file without a name there', '/assets/gone', navigation],
    ['a dot file', '/.env', navigation],
    ['a dot file', '/.env', { accept: '*/*' }],
    ['a dot file', '/%2eenv', { accept: '*/*' }],
    ['a dot file that is not there', '/.git/config', navigation],
    ['a file outside', '/..%2fsecret.txt', { accept: '*/*' }],
    ['a file outside', '/%2e%2e/secret.txt', { accept: '*/*' }],
  ])('is not shown for %s: %s', async (_name, url, headers) => {
    const hub = await openWithUi();
    const answer = await hub.app.inject({ url, headers });
    expect(answer.json()).toMatchObject({
      code: expect.stringMatching(/^(route_not_found|request_malformed)$/),
    });
  });

  it('has nothing above its folder, for an address that a browser would have shortened', async () => {
    const hub = await openWithUi();
    const origin = await hub.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = new URL(origin);
    const answer = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/assets/../../secret.txt' }, (incoming) => {
        text(incoming).then((body) => resolve({ status: incoming.statusCode, body }), reject);
      })
        .on('error', reject)
        .end();
    });
    const { status, body } = await answer;
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ code: 'route_not_found' });
    expect(hub.logLines.join('')).not.toContain('request failed');
  });

  it('that is not built is asked for by name', async () => {
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const answer = await hub.app.inject({ url: '/', headers: navigation });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('The web UI is not built');
  });
});
