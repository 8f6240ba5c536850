import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../start-local-cloud.ts';
import { anyText, textLike } from '../testing/expected.ts';
import { sendRequest } from './testing/send-request.ts';
import { sendThroughProxy } from './testing/send-through-proxy.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await startLocalCloud();
});
afterAll(() => cloud.close());

describe('a path with broken escapes', () => {
  const paths = ['/%zz', '/%ff/oauth2/v2.0/token', '/100%'];

  it.each(paths)('is an OAuth error at Entra ID: %s', async (path) => {
    const answer = await fetch(cloud.entra.http + path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.json()).toMatchObject({
      error: textLike(/^invalid_/),
      error_codes: [expect.any(Number)],
      trace_id: anyText,
    });
  });

  it.each(['/v1.0/users/%zz', '/v1.0/%ff'])('is an error of Graph: %s', async (path) => {
    const answer = await fetch(cloud.graph.http + path);
    expect([400, 401, 404]).toContain(answer.status);
    expect(await answer.json()).toMatchObject({
      error: {
        code: anyText,
        innerError: { 'request-id': textLike(/^[\da-f-]{36}$/) },
      },
    });
  });

  it('is an error of Dataverse', async () => {
    const answer = await fetch(`${cloud.crm.http}/%zz`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: '0x80060888' } });
    expect((await fetch(`${cloud.crm.http}/api/data/v9.2/accounts(%zz)`)).status).toBe(401);
  });

  it('is a page of the portal', async () => {
    const answer = await fetch(`${cloud.portal.http}/%zz`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('<html');
  });
});

describe('a long head', () => {
  it('reaches the Web API with an address of 32,768 characters, by every way', async () => {
    const path = '/api/data/v9.2/accounts?$filter=name%20eq%20%27';
    const long = path + 'x'.repeat(32_768 - path.length);
    const ca = cloud.caCertificate;
    const answers = [
      await sendRequest(cloud.crm.http + long),
      await sendRequest(cloud.crm.https + long, { ca }),
      await sendThroughProxy({ proxy: cloud.proxy, ca, url: `https://contoso.crm4.dynamics.com${long}` }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it('is refused when it is longer than the limit', async () => {
    const headers = { 'x-long': 'x'.repeat(70_000) };
    for (const { http } of [cloud.entra, cloud.graph, cloud.crm, cloud.portal]) {
      expect((await sendRequest(http, { headers })).status).toBe(431);
    }
    expect((await sendRequest(cloud.proxy, { headers })).status).toBe(431);
  });
});

/** Sends bytes to the proxy, and gives what comes back until it ends the connection. */
async function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(cloud.proxy);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.write(bytes);
  const answer = await text(socket);
  socket.destroy();
  return answer;
}

describe('the CONNECT proxy', () => {
  it.each([
    ['CONNECT [::1]:443 HTTP/1.1', 'not for [::1]'],
    ['CONNECT 127.0.0.1:443 HTTP/1.1', 'not for 127.0.0.1'],
    ['CONNECT login.microsoftonline.com:80 HTTP/1.1', 'on port 443 only, not on 80'],
    ['CONNECT login.microsoftonline.com:99999 HTTP/1.1', 'takes a host and a port'],
    [
      'CONNECT user@login.microsoftonline.com.example:443 HTTP/1.1',
      'not for login.microsoftonline.com.example',
    ],
    ['CONNECT example.com HTTP/1.1', 'not for example.com'],
    ['GET http://login.microsoftonline.com/ HTTP/1.1', 'Set HTTPS_PROXY'],
    ['OPTIONS * HTTP/1.1', 'Set HTTPS_PROXY'],
  ])('refuses "%s" and says why', async (line, reason) => {
    const answer = await exchange(`${line}\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain(reason);
  });

  it.each(['\u0016\u0003\u0001', 'CONNECT\r\n\r\n', 'HELO proxy\r\n\r\n'])(
    'ends a connection that speaks no HTTP',
    async (bytes) => {
      expect(await exchange(bytes)).toMatch(/^HTTP\/1\.1 400 |^$/);
    },
  );

  /** Opens a tunnel and gives its socket once it stands. */
  async function openTunnel() {
    const { hostname, port } = new URL(cloud.proxy);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.write('CONNECT graph.microsoft.com:443 HTTP/1.1\r\nhost: graph.microsoft.com\r\n\r\n');
    await once(socket, 'data');
    return socket;
  }

  it('ends a tunnel whose client ends its half, or speaks no TLS', async () => {
    const silent = await openTunnel();
    silent.end();
    silent.resume();
    await once(silent, 'close');
    const plain = await openTunnel();
    plain.end('GET / HTTP/1.1\r\nhost: graph.microsoft.com\r\n\r\n');
    plain.on('error', () => plain.destroy());
    plain.resume();
    await once(plain, 'close');
    expect([silent.destroyed, plain.destroyed]).toEqual([true, true]);
  });

  it('bears clients that go away at any step', async () => {
    (await openTunnel()).destroy();
    const inTls = await openTunnel();
    const secured = connectTls({ socket: inTls, servername: 'graph.microsoft.com', ca: cloud.caCertificate });
    await once(secured, 'secureConnect');
    secured.write('GET /v1.0/me HTTP/1.1\r\nhost: graph.microsoft.com\r\n');
    inTls.resetAndDestroy();
    const answer = await sendThroughProxy({
      proxy: cloud.proxy,
      ca: cloud.caCertificate,
      url: 'https://graph.microsoft.com/v1.0/me',
    });
    expect(answer.status).toBe(401);
  });

  it('takes a host with a dot at its end, and one in capitals', async () => {
    for (const host of ['graph.microsoft.com.', 'GRAPH.MICROSOFT.COM', 'graph.microsoft.com:443']) {
      const answer = await sendThroughProxy({
        proxy: cloud.proxy,
        ca: cloud.caCertificate,
        url: 'https://graph.microsoft.com/v1.0/me',
        headers: { host },
      });
      expect(answer.status).toBe(401);
    }
  });
});
