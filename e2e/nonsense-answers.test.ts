import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cook, type RawRecipe } from './support/cook-raw-answer.ts';
import { rawNonsense } from './support/raw-nonsense.ts';
import { type RawServer, serveRawAnswers } from './support/serve-raw-answers.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';

/** A hub that waits for this long hangs: its own patience with an answer is 20 s. */
const patienceMilliseconds = 30_000;
const clientId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const tenantId = '11111111-2222-4333-8444-555555555555';
const lists = ['connections', 'registrations', 'api-keys'];

let folder: string;
let microsoft: RawServer;
let hub: HubProcess;
/** What the next requests are answered with, one each; then good answers follow. */
let nonsense: RawRecipe[] = [];

const accessToken = 'eyJhbGciOiJub25lIn0.eyJ2ZXIiOiIxLjAifQ.c2ln';
const goodToken = {
  token_type: 'Bearer',
  access_token: accessToken,
  refresh_token: 'refresh',
  expires_in: 3600,
};

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/latchkey-nonsense-`);
  microsoft = await serveRawAnswers(({ path }) => {
    const recipe = nonsense.shift();
    if (recipe) return cook(recipe);
    const body = JSON.stringify(path.endsWith('/token') ? goodToken : { UserId: clientId, value: [] });
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    return { bytes: [Buffer.from(head + body)], end: 'keep' };
  });
  const { origin } = microsoft;
  hub = await startHubProcess({
    dataFolder: folder,
    port: 0,
    cloud: {
      name: 'local',
      title: 'What is no cloud of Microsoft’s',
      authority: origin,
      graph: origin,
      localEnvironments: [origin],
    },
  });
});
afterAll(async () => {
  await hub?.kill();
  await microsoft?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  text: string;
  headers: Headers;
}

async function call(
  method: string,
  where: string,
  { body, cookie }: { body?: object; cookie?: string } = {},
): Promise<Answer> {
  const answer = await fetch(`${hub.url}${where}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(cookie === undefined ? { authorization: `Bearer ${hub.apiKey}` } : { cookie }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(patienceMilliseconds),
  });
  // A call that is passed on may break off like the answer that it brings; a timeout may not pass for that.
  const text = await answer.text().catch((error: unknown) => {
    if (error instanceof TypeError) return '';
    throw error;
  });
  return { status: answer.status, text, headers: answer.headers };
}

async function create(input: object): Promise<Answer & { id: string }> {
  const body = {
    environmentUrl: microsoft.origin,
    clientId,
    clientSecret: 'secret-of-the-app',
    tenantId,
    ...input,
  };
  const answer = await call('POST', '/api/v1/connections', { body });
  expect(answer.status).toBe(201);
  const { id }: { id: string } = JSON.parse(answer.text);
  return { ...answer, id };
}

const createManual = () => create({ method: 'manual', accessToken, refreshToken: 'refresh' });
const pathOf = ({ id }: { id: string }) => `/api/v1/connections/${id}`;

/** Each makes the hub ask Microsoft, who answers by then with nonsense. */
const operations: Record<string, (meet: () => void) => Promise<Answer[]>> = {
  async 'a refresh'(meet) {
    const path = pathOf(await createManual());
    meet();
    return [
      await call('POST', `${path}/refresh`),
      await call('GET', `${path}/token-facts`),
      await call('GET', path),
    ];
  },
  async 'a token that has ended'(meet) {
    const path = pathOf(await createManual());
    await hub.advance(7_200_000);
    meet();
    return [await call('GET', `${path}/token`), await call('GET', `${path}/token`), await call('GET', path)];
  },
  async 'a test'(meet) {
    const path = pathOf(await createManual());
    meet();
    return [await call('POST', `${path}/test`), await call('GET', path)];
  },
  async 'a call that is passed on'(meet) {
    const path = pathOf(await createManual());
    meet();
    return [
      await call('GET', `${path}/proxy/api/data/v9.2/accounts`),
      await call('POST', `${path}/proxy/api/data/v9.2/accounts`, { body: { name: 'a' } }),
      await call('GET', path),
    ];
  },
  async 'a connection with a refresh token alone'(meet) {
    meet();
    const created = await create({ method: 'manual', refreshToken: 'refresh' });
    return [created, await call('POST', `${pathOf(created)}/test`), await call('GET', pathOf(created))];
  },
  async 'a connection without a tenant'(meet) {
    meet();
    const created = await create({ method: 'sign_in', tenantId: undefined });
    return [created, await call('GET', '/api/v1/connections')];
  },
  async 'a typed token URL'(meet) {
    meet();
    return [
      await create({ method: 'manual', refreshToken: 'r', tokenUrl: `${microsoft.origin}/any/oauth2/token` }),
    ];
  },
  async 'a sign-in'(meet) {
    const path = pathOf(await create({ method: 'sign_in' }));
    const { url }: { url: string } = JSON.parse((await call('POST', `${path}/sign-in`)).text);
    const opened = await call('GET', new URL(url).pathname);
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const state = new URL(opened.headers.get('location') ?? '').searchParams.get('state') ?? '';
    meet();
    return [
      await call('GET', `/oauth/callback?code=any&state=${state}`, { cookie }),
      await call('GET', `${path}/token`),
      await call('GET', path),
    ];
  },
  async 'an adopted registration'(meet) {
    meet();
    const body = { kind: 'adopted', name: 'Adopted', tenantId, clientId, clientSecret: 'secret-of-the-app' };
    return [await call('POST', '/api/v1/registrations', { body })];
  },
  async 'a device code'(meet) {
    meet();
    const body = { kind: 'created', name: 'By code', administratorSignIn: 'device_code' };
    return [await call('POST', '/api/v1/registrations', { body })];
  },
};

it('answers, and lists all that it has, whatever comes in place of an answer of Microsoft’s', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...Object.keys(operations)),
    fc.array(rawNonsense, { minLength: 1, maxLength: 3 }),
    async (operation, recipes) => {
      const logged = hub.output().length;
      const answers = await operations[operation]?.(() => {
        nonsense = [...recipes];
      });
      nonsense = [];
      for (const { text } of answers ?? []) expect(text).not.toContain('internal_error');
      for (const list of lists) expect((await call('GET', `/api/v1/${list}?limit=100`)).status).toBe(200);
      expect(hub.output().slice(logged)).not.toMatch(/"level":(?:50|60)|Warning/);
    },
  );
  // fast-check tells the seed, and the smallest answer that does it.
  await fc.assert(property, { numRuns: 100 });
});
