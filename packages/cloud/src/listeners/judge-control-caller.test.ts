import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../start-local-cloud.ts';
import { textLike } from '../testing/expected.ts';
import { sendRequest } from './testing/send-request.ts';
import { sendThroughProxy } from './testing/send-through-proxy.ts';

let cloud: LocalCloud;
let port: string;
beforeAll(async () => {
  cloud = await startLocalCloud({ adminApi: true });
  ({ port } = new URL(cloud.entra.http));
});
afterAll(() => cloud.close());

async function rotateKey(
  headers: OutgoingHttpHeaders,
): Promise<{ status: number | undefined; error: unknown }> {
  const url = `${cloud.entra.http}/_latchkey/signing-keys`;
  const { status, body } = await sendRequest(url, { method: 'POST', headers });
  const answer: unknown = JSON.parse(body);
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : null;
  return { status, error };
}

describe('lets in', () => {
  it.each<[string, (port: string) => OutgoingHttpHeaders]>([
    ['localhost', (at) => ({ host: `localhost:${at}` })],
    ['a name below localhost', (at) => ({ host: `cloud.localhost:${at}` })],
    ['127.0.0.1', (at) => ({ host: `127.0.0.1:${at}` })],
    ['::1', (at) => ({ host: `[::1]:${at}` })],
    ['an address typed into a browser', (at) => ({ host: `localhost:${at}`, 'sec-fetch-site': 'none' })],
    [
      'a page of its own',
      (at) => ({
        host: `localhost:${at}`,
        origin: `http://localhost:${at}`,
        'sec-fetch-site': 'same-origin',
      }),
    ],
  ])('%s', async (_name, headers) => {
    expect(await rotateKey(headers(port))).toEqual({ status: 200, error: null });
  });

  it('who comes through the CONNECT proxy, by the name that leads here', async () => {
    const answer = await sendThroughProxy({
      proxy: cloud.proxy,
      ca: cloud.caCertificate,
      url: 'https://login.microsoftonline.com/_latchkey/clock',
    });
    expect(answer.status).toBe(200);
  });
});

describe('refuses, with the way out,', () => {
  it.each([
    'rebound.example',
    'localhost.rebound.example',
    '127.0.0.1.rebound.example',
    'login.microsoftonline.com',
    '10.0.0.1',
  ])('another Host: %s', async (name) => {
    expect(await rotateKey({ host: `${name}:${port}` })).toEqual({
      status: 403,
      error: textLike(/^The Host header names another host.*http:\/\/localhost:/),
    });
  });

  it.each([
    ['an origin elsewhere', { origin: 'https://page.example' }],
    ['another port of this machine', { origin: 'http://localhost:3000' }],
    ['an origin that the browser hides', { origin: 'null' }],
    ['a request that browsers mark as of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a request that browsers mark as of another port', { 'sec-fetch-site': 'same-site' }],
  ])('%s', async (_name, headers) => {
    expect(await rotateKey({ host: `localhost:${port}`, ...headers })).toEqual({
      status: 403,
      error: textLike(/^Not from a page of another origin/),
    });
  });
});
