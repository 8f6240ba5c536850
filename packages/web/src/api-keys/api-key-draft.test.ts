import { expect, it } from 'vitest';
import { type ApiKeyDraft, emptyDraft, toCreateApiKey } from './api-key-draft.ts';

const now = Date.parse('2026-12-01T12:00:00Z');

it.each<[Partial<ApiKeyDraft>, object]>([
  [{}, {}],
  [{ purpose: 'read' }, { scopes: ['connections:proxy-read'] }],
  [{ purpose: 'chosen', scopes: ['hub:read'] }, { scopes: ['hub:read'] }],
  // What was chosen before the purpose was changed does not count.
  [{ purpose: 'all', scopes: ['hub:read'] }, {}],
  [{ connectionIds: ['a', 'b'] }, { connectionIds: ['a', 'b'] }],
  [{ ends: 'In 30 days' }, { expiresAt: '2026-12-31T12:00:00.000Z' }],
])('asks for %j as %j', (draft, asked) => {
  expect(toCreateApiKey({ ...emptyDraft, name: ' Reports ', ...draft }, now)).toEqual({
    name: 'Reports',
    ...asked,
  });
});
