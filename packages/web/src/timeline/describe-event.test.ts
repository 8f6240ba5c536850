import { expect, it } from 'vitest';
import { describeEvent } from './describe-event.ts';

it.each([
  ['signed_in', {}, { title: 'Sign-in', tone: 'success' }],
  ['state_changed', { from: 'ready', to: 'blocked' }, { title: 'Became blocked', tone: 'danger' }],
  ['state_changed', { from: 'blocked', to: 'ready' }, { title: 'Became ready', tone: 'success' }],
  ['state_changed', { to: 'of_a_later_version' }, { title: 'Another state', tone: 'neutral' }],
  ['of_a_later_version', {}, { title: 'of a later version', tone: 'neutral' }],
  ['toString', {}, { title: 'toString', tone: 'neutral' }],
])('tells of %s with %o as %o', (kind, facts, description) => {
  expect(describeEvent({ kind, facts })).toEqual(description);
});
