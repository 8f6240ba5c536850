import { beforeEach, expect, it } from 'vitest';
import { checkClientSecret } from '../../directory/client-secrets.ts';
import { textLike } from '../../testing/expected.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let id: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'CRM integration',
    signInAudience: 'AzureADMyOrg',
  });
  id = body.id;
});

const addPassword = (passwordCredential: object) =>
  graph.call(token, 'POST', `/applications/${id}/addPassword`, { passwordCredential });

it('answers 200 with the text of a secret that works and ends in two years', async () => {
  const { status, body } = await addPassword({ displayName: 'hub secret' });
  expect(status).toBe(200);
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#microsoft.graph.passwordCredential',
    customKeyIdentifier: null,
    displayName: 'hub secret',
    keyId: textLike(/^[0-9a-f-]{36}$/),
    startDateTime: '2026-01-15T10:00:00Z',
    endDateTime: '2028-01-15T10:00:00Z',
    hint: body.secretText.slice(0, 3),
    secretText: textLike(/^\S{16,64}$/),
  });
  expect(checkClientSecret(graph.context.directory, id, body.secretText)).toMatchObject({ accepted: true });
});

it('lists the newest secret first, with fractions of a second only where there are any', async () => {
  graph.clock.advance(250);
  for (const displayName of ['first', 'second']) await addPassword({ displayName });
  const { body } = await graph.call(token, 'GET', `/applications/${id}`);
  expect(body.passwordCredentials).toMatchObject([
    { displayName: 'second', startDateTime: '2026-01-15T10:00:00.25Z' },
    { displayName: 'first' },
  ]);
});

it('never shows the text again', async () => {
  const { body } = await addPassword({ displayName: 'hub secret' });
  const read = await graph.call(token, 'GET', `/applications/${id}`);
  expect(read.body.passwordCredentials).toMatchObject([{ keyId: body.keyId, secretText: null }]);
  expect(JSON.stringify(read.body)).not.toContain(body.secretText);
});

it('takes the end that the caller asks for, and a body without any wish', async () => {
  const { body } = await addPassword({ endDateTime: '2026-07-01T00:00:00Z' });
  expect(body.endDateTime).toBe('2026-07-01T00:00:00Z');
  const bare = await graph.call(token, 'POST', `/applications/${id}/addPassword`);
  expect([bare.status, bare.body.displayName]).toEqual([200, null]);
});

it.each([
  [
    'an end in the past',
    { endDateTime: '2025-01-01T00:00:00Z', startDateTime: '2024-01-01T00:00:00Z' },
    'in the future',
  ],
  [
    'an end before the start',
    { endDateTime: '2026-02-01T00:00:00Z', startDateTime: '2026-03-01T00:00:00Z' },
    'after startDateTime',
  ],
  ['an end that is no time', { endDateTime: 'soon' }, 'Expected a date and time'],
  ['an end on no day', { endDateTime: '2026-02-30T00:00:00Z' }, 'Expected a date and time'],
  ['a text of the caller’s own', { secretText: 'mine' }, 'New password must be empty'],
])('refuses %s', async (_case, passwordCredential, message) => {
  const { status, body } = await addPassword(passwordCredential);
  expect(status).toBe(400);
  expect(body.error.message).toContain(message);
});

it('allows two secrets at most where personal accounts sign in', async () => {
  await graph.call(token, 'PATCH', `/applications/${id}`, {
    signInAudience: 'AzureADandPersonalMicrosoftAccount',
    api: { requestedAccessTokenVersion: 2 },
  });
  const answers = [await addPassword({}), await addPassword({}), await addPassword({})];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
});

it('refuses a list of secrets in an update, the empty one that would remove them all included', async () => {
  const { body } = await addPassword({});
  const update = await graph.call(token, 'PATCH', `/applications/${id}`, { passwordCredentials: [] });
  expect(update.status).toBe(400);
  expect(checkClientSecret(graph.context.directory, id, body.secretText).accepted).toBe(true);
});

it('removes a secret once, and it stops working', async () => {
  const { body } = await addPassword({});
  const remove = () => graph.call(token, 'POST', `/applications/${id}/removePassword`, { keyId: body.keyId });
  expect((await remove()).status).toBe(204);
  expect(checkClientSecret(graph.context.directory, id, body.secretText).accepted).toBe(false);
  const again = await remove();
  expect([again.status, again.body.error.message]).toEqual([
    400,
    `No password credential found with keyId '${body.keyId}'.`,
  ]);
});
