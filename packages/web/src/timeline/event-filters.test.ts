import { eventKinds } from '@latchkey/api';
import { expect, it } from 'vitest';
import { eventFilters } from './event-filters.ts';

it('has a place for every kind of event', () => {
  const found = new Set(
    Object.values(eventFilters).flatMap((filters) => filters.flatMap(({ kinds }) => kinds)),
  );
  expect(eventKinds.filter((kind) => !found.has(kind))).toEqual([]);
});

it.each(Object.entries(eventFilters))('of %s has titles of which none comes twice', (_kind, filters) => {
  const titles = filters.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
