import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'a\0b', '\uD800', '/', '//other.example/x', 'javascript:alert(1)', '../../x?y#z'),
  fc.constantFrom('9999-12-31T23:59:59-12:00', '1e30', `http://127.0.0.1:9/${'x'.repeat(5000)}`),
);
const anyValue = fc.oneof(anyText, anyText, fc.double(), fc.jsonValue());
const oddStatuses = '201 203 204 205 206 300 302 304 400 401 403 404 409 412 429 503 599 600 999';
const anyStatus = fc.oneof(
  { weight: 4, arbitrary: fc.constant(200) },
  fc.constantFrom(...oddStatuses.split(' ').map(Number)),
);
const anyHeaders = fc.dictionary(
  fc.constantFrom('retry-after', 'location', 'request-id', 'client-request-id', 'content-encoding'),
  fc.constantFrom('', '0', '7', '-1', '1e9', '9'.repeat(20), 'Thu, 01 Jan 9999 00:00:00 GMT', '\u00E9', '//'),
);
const memberToAdd = fc.constantFrom('@odata.nextLink', 'error', 'expires_in', 'message', 'code', '__proto__');
/** What becomes of a good answer: of some members something else, some more, another status, or another body. */
const anyChange = fc.record({
  status: anyStatus,
  headers: anyHeaders,
  body: fc.option(anyValue, { freq: 5 }),
  positions: fc.array(fc.tuple(fc.nat(30), anyValue), { maxLength: 2 }),
  more: fc.dictionary(memberToAdd, anyValue, { maxKeys: 2 }),
});
type Change = typeof anyChange extends fc.Arbitrary<infer T> ? T : never;

function applyChange(
  real: ScriptedAnswer,
  { status, headers, body, positions, more }: Change,
): ScriptedAnswer {
  if (body !== null) return { status, headers, body };
  const changed = positions.reduce<unknown>((kept, [at, by]) => replaceMember(kept, at, by), real.body);
  const isObject = typeof changed === 'object' && changed !== null;
  return { status, headers, body: isObject ? { ...changed, ...more } : changed };
}

/** Puts something else in the place of a member, wherever in the answer it stands. */
function replaceMember(body: unknown, position: number, replacement: unknown): unknown {
  if (body === undefined) return undefined;
  let count = -1;
  const changed = JSON.stringify(body, (name, kept: unknown) => {
    if (name !== '') count += 1;
    return name !== '' && count === position ? replacement : kept;
  });
  return JSON.parse(changed);
}

/** A failure is recorded where it is seen; anything else is a mistake. */
function faultOfHub(error: unknown): unknown {
  return error instanceof HubError ? null : error;
}

let hub: RegistrationHub;
beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

it('shows every registration, and knows what went wrong with it, whatever Microsoft answers', async () => {
  const changes = fc.array(anyChange, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), changes, async (route, nonsense) => {
      hub.microsoft.faults(
        route,
        ...nonsense.map((one) => ({ change: (real: ScriptedAnswer) => applyChange(real, one) })),
      );
      hub.logLines.length = 0;
      const { id } = await hub.begin();
      const fault = await hub.comeBack(id).then(() => null, faultOfHub);
      expect(fault).toBeNull();
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

it.each([
  ['GET /organization', { value: [{ id: 'tenant\0' }] }],
  ['POST /applications', { id: 'x', appId: 'a\0b' }],
  ['POST /servicePrincipals', { id: '' }],
  ['POST /applications/{id}/addPassword', { keyId: 'k'.repeat(5000), secretText: 's' }],
  ['GET /applications', { value: [], '@odata.nextLink': 'no address' }],
])('asks %s again when the answer can’t be kept: %j', async (route, body) => {
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

it('sends an id that is none of Graph’s nowhere else than to its own place', async () => {
  const id = '../me?x#y';
  const place = `/applications/${encodeURIComponent(id)}`;
  hub.microsoft.faults('POST /applications', { answer: { status: 201, body: { id, appId: 'app' } } });
  hub.microsoft.faults(`PATCH ${place}`, { answer: { status: 204 } });
  const begun = await hub.begin();
  await hub.signIn(begun.id);
  await hub.call('POST', `/registrations/${begun.id}/undo`);
  await hub.context.background.idle();
  const called = hub.microsoft.calls.map(({ route }) => route);
  for (const method of ['PATCH', 'GET', 'DELETE']) expect(called).toContain(`${method} ${place}`);
  expect(called.filter((route) => route.includes('/me'))).toEqual(['GET /me']);
});
