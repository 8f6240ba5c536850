import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import type { ScriptedAnswer } from './testing/scripted-call.ts';

/** What Microsoft is asked while an application is registered by a browser's sign-in. */
const routes = [
  'POST /organizations/oauth2/v2.0/token',
  'GET /me',
  'GET /organization',
  'GET /servicePrincipals',
  'GET /applications',
  'POST /applications',
  'PATCH /applications/{id}',
  'POST /servicePrincipals',
  'GET /oauth2PermissionGrants',
  'POST /oauth2PermissionGrants',
  'GET /applications/{id}',
  'POST /applications/{id}/addPassword',
  'POST /{id}/oauth2/v2.0/token',
];
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'a\0b', '\uD800', '/', '//other.example/x', 'javascript:alert(1)', '../../x?y#z'),
  fc.constantFrom('9999-12-31T23:59:59-12:00', '1e30', `http://127.0.0.1:9/${'x'.repeat(5000)}`),
);
const value = fc.oneof(text, text, fc.double(), fc.jsonValue());
const status = fc.oneof(
  { weight: 4, arbitrary: fc.constant(200) },
  fc.constantFrom(
    201,
    203,
    204,
    205,
    206,
    300,
    302,
    304,
    400,
    401,
    403,
    404,
    409,
    412,
    429,
    503,
    599,
    600,
    999,
  ),
);
const headers = fc.dictionary(
  fc.constantFrom('retry-after', 'location', 'request-id', 'client-request-id', 'content-encoding'),
  fc.constantFrom(
    '',
    '0',
    '7',
    '-1',
    '1e9',
    '99999999999999999999',
    'Thu, 01 Jan 9999 00:00:00 GMT',
    '\u00E9',
    '//',
  ),
);
const members = fc.constantFrom('@odata.nextLink', 'error', 'expires_in', 'message', 'code', '__proto__');
/** What becomes of a good answer: of some members something else, some more, another status, or another body. */
const change = fc.record({
  status,
  headers,
  body: fc.option(value, { freq: 5 }),
  positions: fc.array(fc.tuple(fc.nat(30), value), { maxLength: 2 }),
  more: fc.dictionary(members, value, { maxKeys: 2 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Puts something else in the place of a member, wherever in the answer it stands. */
function replaceMember(body: unknown, position: number, replacement: unknown): unknown {
  let count = 0;
  const text = JSON.stringify(body, (name, kept: unknown) => {
    if (name !== '' && count++ === position) return replacement;
    return kept;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

function applyChange(
  real: ScriptedAnswer,
  { status, headers, body, positions, more }: Change,
): ScriptedAnswer {
  if (body !== null) return { status, headers, body };
  const changed = positions.reduce<unknown>((kept, [at, by]) => replaceMember(kept, at, by), real.body);
  return {
    status,
    headers,
    body: typeof changed === 'object' && changed !== null ? { ...changed, ...more } : changed,
  };
}

let hub: RegistrationHub;
beforeAll(async () => {
  hub = await createRegistrationHub();
});
// Faults that no call has met are none of the next test's.
afterEach(() => {
  for (const route of routes) hub.microsoft.faults(route);
});
afterAll(() => hub.close());

it('shows every registration, and knows what went wrong with it, whatever Microsoft answers', async () => {
  const changes = fc.array(change, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), changes, async (route, nonsense) => {
      hub.microsoft.faults(
        route,
        ...nonsense.map((one) => ({ change: (real: ScriptedAnswer) => applyChange(real, one) })),
      );
      hub.logLines.length = 0;
      const { id } = await hub.begin();
      await hub.comeBack(id).catch((error: unknown) => expect(error).toBeInstanceOf(HubError));
      await hub.context.background.idle();
      const registration = await hub.show(id);
      expect(registration.state).toMatch(/^(?:ready|failed|awaiting_sign_in)$/);
      expect(registration.failure?.code).not.toBe('internal_error');
      const list = await hub.inject({ method: 'GET', url: '/api/v1/registrations?limit=100' });
      expect(list.statusCode).toBe(200);
      expect(hub.logLines.filter((line) => /"level":(?:50|60)/.test(line))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

it.each<[route: string, what: string, body: object]>([
  ['GET /organization', 'an id with U+0000', { value: [{ id: 'tenant\0' }] }],
  ['POST /applications', 'a client id with U+0000', { id: 'x', appId: 'a\0b' }],
  ['POST /servicePrincipals', 'an empty id', { id: '' }],
  [
    'POST /applications/{id}/addPassword',
    'a key id of 5,000 characters',
    { keyId: 'k'.repeat(5000), secretText: 's' },
  ],
  ['GET /applications', 'a next link that is no address', { value: [], '@odata.nextLink': 'no address' }],
])('asks %s again when the answer can’t be kept: %s', async (route, _what, body) => {
  hub.microsoft.faults(route, { answer: { status: 200, body } });
  const asked = hub.microsoft.count(route);
  const { id } = await hub.begin();
  expect(await hub.signIn(id)).toMatchObject({ state: 'ready' });
  expect(hub.microsoft.count(route)).toBe(asked + 2);
});

it('goes on without a tenant’s name that can’t be kept', async () => {
  const value = [{ id: hub.microsoft.directory.tenantId, displayName: 'Con\0toso' }];
  hub.microsoft.faults('GET /organization', { answer: { status: 200, body: { value } } });
  const { id } = await hub.begin();
  expect(await hub.signIn(id)).toMatchObject({ state: 'ready', tenantName: null });
});
