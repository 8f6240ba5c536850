import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
  showConnection,
} from '../connections/testing/create-connection-hub.ts';
import type { CallEvidence } from './pass-on-call.ts';
import { createCallEvidence } from './record-call-evidence.ts';

let hub: ConnectionHub;
let evidence: CallEvidence;
let connectionId: string;

beforeEach(async () => {
  hub = await createConnectionHub();
  evidence = createCallEvidence(hub.context);
  connectionId = (await makeManualConnection(hub)).id;
});
afterEach(() => hub.close());

function refusalOf(code: string): string {
  return JSON.stringify({ error: { code, message: 'No.' } });
}

async function status(id = connectionId) {
  await hub.context.background.idle();
  return (await showConnection(hub, id)).status;
}

async function provenAt(): Promise<number> {
  return Date.parse((await status()).lastProvenAt ?? '');
}

it.each(['0x80072560', '0x80042f09', '0x8004d24b', '0x80040225', '0x8004a112', '0x80095ffc', '0x8004a104'])(
  'takes a 403 with %s for a connection that is locked out',
  async (code) => {
    evidence.onAnswer(connectionId, 403, refusalOf(code));
    expect(await status()).toMatchObject({
      state: 'blocked',
      failure: { code: 'crm_refused', remote: { code } },
    });
  },
);

it.each<[string, number, string | null]>([
  ['a 403 about one table', 403, refusalOf('0x80040220')],
  ['a 403 that says nothing', 403, '<html>'],
  ['a 403 without a body', 403, null],
  ['another status, whatever it says', 400, refusalOf('0x80072560')],
  ['a 404', 404, null],
  ['a 500', 500, null],
])('leaves a connection as it is after %s', async (_case, code, refusal) => {
  evidence.onAnswer(connectionId, code, refusal);
  expect(await status()).toMatchObject({ state: 'ready', failure: null });
});

it.each([
  [200, true],
  [299, true],
  [300, false],
  [304, false],
  [401, false],
])('takes %i for a proof: %s', async (code, isProof) => {
  const before = await provenAt();
  hub.clock.advance(1);
  evidence.onAnswer(connectionId, code, null);
  expect((await provenAt()) > before).toBe(isProof);
});

it('writes the same once a minute, to the millisecond', async () => {
  evidence.onAnswer(connectionId, 200, null);
  const first = await provenAt();
  hub.clock.advance(59_999);
  evidence.onAnswer(connectionId, 204, null);
  expect(await provenAt()).toBe(first);
  hub.clock.advance(1);
  evidence.onAnswer(connectionId, 200, null);
  expect(await provenAt()).toBe(first + 60_000);
});

it('writes the same again after the clock was set back by months', async () => {
  hub.clock.advance(90 * 24 * 3_600_000);
  evidence.onAnswer(connectionId, 200, null);
  await status();
  hub.clock.advance(-90 * 24 * 3_600_000);
  evidence.onAnswer(connectionId, 200, null);
  expect(await provenAt()).toBe(hub.clock.now());
});

it('writes at once what is new: a refusal after a proof, another refusal, a proof again', async () => {
  evidence.onAnswer(connectionId, 200, null);
  await status();
  evidence.onAnswer(connectionId, 403, refusalOf('0x80072560'));
  expect((await status()).failure?.remote?.code).toBe('0x80072560');
  evidence.onAnswer(connectionId, 403, refusalOf('0x80042f09'));
  expect((await status()).failure?.remote?.code).toBe('0x80042f09');
  evidence.onAnswer(connectionId, 200, null);
  expect((await status()).failure).toBeNull();
  evidence.onFreshTokenRefused(connectionId);
  expect(await status()).toMatchObject({ state: 'blocked', failure: { remote: { httpStatus: 401 } } });
});

it('keeps connections apart', async () => {
  const other = await makeManualConnection(hub);
  evidence.onAnswer(connectionId, 403, refusalOf('0x80072560'));
  evidence.onAnswer(other.id, 403, refusalOf('0x80072560'));
  expect([(await status()).state, (await status(other.id)).state]).toEqual(['blocked', 'blocked']);
  evidence.onAnswer(connectionId, 200, null);
  expect([(await status()).state, (await status(other.id)).state]).toEqual(['ready', 'blocked']);
});
