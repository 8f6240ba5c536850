import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nationalCloudConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { askForPassword, openTestProxy, type ProxyAnswer } from '../testing/open-connect-proxy.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { createOutboundHttp, type OutboundOptions } from './create-outbound-http.ts';

const intranet = 'http://crm.intranet.example:5555';
const get = { method: 'GET' } as const;
const password = 's3cret:p@ss';

async function openProxy(answer: (target: string, request: IncomingMessage) => ProxyAnswer) {
  const proxy = await openTestProxy(answer);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** A way out with these proxies, for addresses of Microsoft's, of the operator's intranet, and of people. */
function open(environment: Record<string, string>, options: Partial<OutboundOptions> = {}) {
  const config = loadConfig({ LATCHKEY_ALLOWED_ORIGINS: intranet, ...environment });
  const outbound = createOutboundHttp({ config, ...options });
  onTestFinished(() => outbound.close());
  return outbound;
}

async function serve(headers: Record<string, string> = {}): Promise<number> {
  const server = createServer((request, response) => {
    response
      .writeHead(200, headers)
      .end(`${request.method} ${request.headers.host} ${request.url} ${request.rawHeaders.join('|')}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const answering =
  (status: string, ...headers: string[]): (() => ProxyAnswer) =>
  () => ({
    text: [`HTTP/1.1 ${status}`, ...headers, 'content-length: 0', '', ''].join('\r\n'),
  });

describe('a call through a proxy', () => {
  it('goes through a tunnel to the host as it is written, which the proxy resolves', async () => {
    const port = await serve();
    const proxy = await openProxy(() => ({ port }));
    const answer = await open({ HTTP_PROXY: proxy.origin }).request(`${intranet}/token?x=y`, get);
    expect(answer.body).toMatch(/^GET crm\.intranet\.example:5555 \/token\?x=y /);
    expect(proxy.targets).toEqual(['crm.intranet.example:5555']);
  });

  it('tells user and password to the proxy, and to nobody else', async () => {
    const port = await serve();
    const proxy = await openProxy(askForPassword(`anna:${password}`, () => ({ port })));
    const { host } = new URL(proxy.origin);
    const outbound = open({ http_proxy: `http://anna:${encodeURIComponent(password)}@${host}` });
    const { body } = await outbound.request(intranet, get);
    expect(body).not.toMatch(/proxy-authorization|Basic/i);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from(`anna:${password}`).toString('base64')}`]);
  });

  it('takes every success for a tunnel (RFC 9110 §9.3.6)', async () => {
    const port = await serve();
    const proxy = await openProxy(() => ({ port, status: '201 Created' }));
    expect(await open({ HTTP_PROXY: proxy.origin }).request(intranet, get)).toMatchObject({ status: 200 });
  });

  it('takes an answer whose head repeats the longest address', async () => {
    const location = `/${'x'.repeat(32_768)}`;
    const port = await serve({ location });
    const proxy = await openProxy(() => ({ port }));
    const answer = await open({ HTTP_PROXY: proxy.origin }).request(intranet, get);
    expect(answer.headers.location).toBe(location);
  });

  it('keeps its tunnel for the next one', async () => {
    const port = await serve();
    const proxy = await openProxy(() => ({ port }));
    const outbound = open({ HTTP_PROXY: proxy.origin });
    for (let call = 0; call < 10; call += 1) await outbound.request(intranet, get);
    expect(proxy.targets.length).toBeLessThan(5);
  });

  it('by the pool keeps all headers of one name', async () => {
    const port = await serve();
    const proxy = await openProxy(() => ({ port }));
    const headers = ['prefer', 'odata.maxpagesize=2', 'x-a', 'b', 'prefer', 'return=representation'];
    const answer = await open({ HTTP_PROXY: proxy.origin })
      .pool(intranet)
      .request({ path: '/', method: 'GET', headers });
    expect(await answer.body.text()).toContain(
      'prefer|odata.maxpagesize=2|prefer|return=representation|x-a|b',
    );
  });

  it('is not made where the host is excepted', async () => {
    const port = await serve();
    const proxy = await openProxy(() => ({ port }));
    const local = `http://127.0.0.1:${port}`;
    const environment = { HTTP_PROXY: proxy.origin, LATCHKEY_ALLOWED_ORIGINS: local };
    await open(environment).request(local, get);
    const excepted = open({
      ...environment,
      LATCHKEY_ALLOWED_ORIGINS: intranet,
      NO_PROXY: 'intranet.example',
    });
    await expect(excepted.request(intranet, get)).rejects.toThrow('crm.intranet.example:5555 has no address');
    expect(proxy.targets).toEqual([]);
  });
});

describe('a proxy that gives no tunnel', () => {
  it.each([
    [
      'asks for a password',
      answering('407 No', 'proxy-authenticate: Basic realm="Contoso"'),
      'PROXY_AUTHENTICATION_REQUIRED',
      'asks for a user and a password; it takes Basic (HTTP 407).',
    ],
    [
      'asks for what the hub does not speak',
      answering('407 No', 'proxy-authenticate: Negotiate', 'proxy-authenticate: NTLM'),
      'PROXY_AUTHENTICATION_REQUIRED',
      'asks for a user and a password; it takes NTLM, Negotiate (HTTP 407).',
    ],
    [
      'refuses',
      answering('403 secret'),
      'PROXY_REFUSED',
      'does not let the hub reach login.microsoftonline.com:443 (HTTP 403).',
    ],
    [
      'does not reach the host',
      answering('502 secret'),
      'PROXY_TARGET_UNREACHABLE',
      'could not reach login.microsoftonline.com:443 (HTTP 502).',
    ],
    [
      'leads elsewhere',
      answering('302 Found', 'location: https://portal.example/'),
      'PROXY_NONSENSE',
      'answered CONNECT with HTTP 302, as no proxy does.',
    ],
    [
      'has several answers',
      answering('300 Multiple Choices'),
      'PROXY_NONSENSE',
      'answered CONNECT with HTTP 300, as no proxy does.',
    ],
    [
      'sends a body behind its answer',
      (): ProxyAnswer => ({ text: 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello' }),
      'PROXY_NONSENSE',
      'answered CONNECT with HTTP 200 and more behind it, as no proxy does.',
    ],
    [
      'speaks something else',
      (): ProxyAnswer => ({ text: 'SSH-2.0-OpenSSH_9.2\r\n' }),
      'PROXY_NONSENSE',
      'sent an answer that is no HTTP.',
    ],
    ['goes away', (): ProxyAnswer => 'cut_off', 'PROXY_UNAVAILABLE', 'cut the connection.'],
  ])('is told from the host that was meant: it %s', async (_what, answer, code, sentence) => {
    const proxy = await openProxy(answer);
    const outbound = open({ HTTPS_PROXY: proxy.origin });
    const error = {
      name: 'OutboundError',
      code,
      message: `The proxy ${new URL(proxy.origin).host} ${sentence}`,
    };
    await expect(outbound.request('https://login.microsoftonline.com/x', get)).rejects.toMatchObject(error);
    const call = outbound.pool('https://login.microsoftonline.com').request({ path: '/', method: 'GET' });
    await expect(call).rejects.toMatchObject(error);
  });

  it('is told when the password is wrong, without the password', async () => {
    const proxy = await openProxy(askForPassword('anna:other', () => 'silence'));
    const { host } = new URL(proxy.origin);
    const call = open({ HTTPS_PROXY: `http://anna:${encodeURIComponent(password)}@${host}` }).request(
      'https://graph.microsoft.com/',
      get,
    );
    await expect(call).rejects.toMatchObject({
      code: 'PROXY_AUTHENTICATION_REQUIRED',
      message: `The proxy ${host} does not accept the user and password that it was given; it takes Basic, Negotiate (HTTP 407).`,
    });
  });

  it('is told when nothing listens there', async () => {
    const outbound = open({ HTTPS_PROXY: 'http://127.0.0.1:9' });
    await expect(outbound.request('https://graph.microsoft.com/', get)).rejects.toMatchObject({
      code: 'PROXY_UNAVAILABLE',
      message: 'The proxy 127.0.0.1:9 refuses connections.',
    });
  });

  it('is told when it never answers, before the whole call has run out of time', async () => {
    const timers = createTestTimers();
    const proxy = await openProxy(() => 'silence');
    const asked = proxy.nextTarget();
    const outbound = open({ HTTPS_PROXY: proxy.origin }, { startTimer: timers.startTimer });
    const call = outbound.request('https://graph.microsoft.com/', get);
    void asked.then(() => timers.pass(10_000));
    await expect(call).rejects.toMatchObject({
      code: 'PROXY_UNAVAILABLE',
      message: `The proxy ${new URL(proxy.origin).host} did not answer in time.`,
    });
  });
});

describe('an address that people typed, behind a proxy', () => {
  const crm = 'https://crm.example/';
  const refusedByProxy = { code: 'PROXY_REFUSED' };
  const refusedByHub = { code: 'address_not_allowed', message: 'crm.example is not on the public Internet.' };

  it.each([
    'http://crm.example',
    'https://127.0.0.1',
    'https://10.0.0.5',
    'https://[::ffff:10.0.0.5]',
    'https://169.254.169.254',
    'https://localhost',
    'https://intranet',
    'https://intranet.',
    'https://crm.localhost',
    'https://printer.local',
    'https://crm.corp.internal',
    'https://router.home.arpa',
  ])('is refused as it is written, and the proxy is not asked: %s', async (address) => {
    const proxy = await openProxy(answering('403 No'));
    const outbound = open({ HTTPS_PROXY: proxy.origin, HTTP_PROXY: proxy.origin });
    await expect(outbound.request(address, get)).rejects.toMatchObject({ code: 'address_not_allowed' });
    expect(proxy.targets).toEqual([]);
  });

  it('is refused when the hub’s own name service leads into the network', async () => {
    const proxy = await openProxy(answering('403 No'));
    const outbound = open(
      { HTTPS_PROXY: proxy.origin },
      {
        resolve: (_name, callback) =>
          callback(null, [
            { address: '8.8.8.8', family: 4 },
            { address: '10.0.0.5', family: 4 },
          ]),
      },
    );
    await expect(outbound.request(crm, get)).rejects.toMatchObject(refusedByHub);
    await expect(
      outbound.pool('https://crm.example').request({ path: '/', method: 'GET' }),
    ).rejects.toMatchObject(refusedByHub);
    expect(proxy.targets).toEqual([]);
  });

  it('goes to the proxy when the hub’s own name service leads to the Internet', async () => {
    const proxy = await openProxy(answering('403 No'));
    const outbound = open(
      { HTTPS_PROXY: proxy.origin },
      { resolve: (_name, callback) => callback(null, [{ address: '8.8.8.8', family: 4 }]) },
    );
    await expect(outbound.request(crm, get)).rejects.toMatchObject(refusedByProxy);
  });

  it('is the proxy’s to judge when the hub’s own name service does not know it', async () => {
    const proxy = await openProxy(answering('403 No'));
    const outbound = open(
      { HTTPS_PROXY: proxy.origin },
      { resolve: (_name, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []) },
    );
    await expect(outbound.request(crm, get)).rejects.toMatchObject(refusedByProxy);
  });

  it('is the proxy’s to judge when the hub’s own name service does not answer soon', async () => {
    const timers = createTestTimers();
    const proxy = await openProxy(answering('403 No'));
    const asked = Promise.withResolvers<void>();
    const outbound = open(
      { HTTPS_PROXY: proxy.origin },
      { startTimer: timers.startTimer, resolve: () => asked.resolve() },
    );
    const call = outbound.request(crm, get);
    await asked.promise;
    timers.pass(1_999);
    await new Promise(setImmediate);
    expect(proxy.targets).toEqual([]);
    timers.pass(1);
    await expect(call).rejects.toMatchObject(refusedByProxy);
  });
});

it('an address of Microsoft’s goes to the proxy without a look at what its name resolves to', async () => {
  const proxy = await openProxy(answering('403 No'));
  const config = loadConfig({ HTTPS_PROXY: proxy.origin }, { cloud: nationalCloudConfig('china') });
  const outbound = createOutboundHttp({
    config,
    resolve: (_name, callback) => callback(null, [{ address: '10.0.0.5', family: 4 }]),
  });
  onTestFinished(() => outbound.close());
  await expect(outbound.request(config.cloud.authority, get)).rejects.toMatchObject({
    code: 'PROXY_REFUSED',
  });
});
