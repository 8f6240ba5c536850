import { describe, expect, it } from 'vitest';
import {
  choice,
  complex,
  flag,
  flagOrNull,
  guidOrNull,
  keptEmpty,
  moment,
  readOnly,
  requiredText,
  text,
  texts,
} from './property-kinds.ts';
import {
  mergeProperties,
  onlyCreated,
  onlySelected,
  presentProperties,
  readProperties,
  requireProperties,
  settableProperties,
  toResourceType,
} from './property-table.ts';

const table = {
  id: readOnly(),
  displayName: requiredText(10),
  tags: texts({ maximum: 3, most: 2 }),
  ...onlyCreated({ kind: choice('small', 'large') }),
  ...onlySelected({
    enabled: flag(true),
    hidden: flagOrNull(),
    note: text(5),
    hiredAt: moment(),
    locationId: guidOrNull(),
    place: complex({ city: text(), floor: text() }),
    later: keptEmpty([]),
  }),
};

describe('what an entity answers', () => {
  it('has every property, those that nothing is known of with their empty values', () => {
    expect(presentProperties(table, { id: '1', tags: ['a'], place: { city: 'Graz' } })).toEqual({
      id: '1',
      displayName: null,
      tags: ['a'],
      kind: null,
      enabled: true,
      hidden: null,
      note: null,
      hiredAt: null,
      locationId: null,
      place: { city: 'Graz', floor: null },
      later: [],
    });
  });

  it('tells queries the names, and which come without $select', () => {
    expect(toResourceType('thing', table, { searchable: ['displayName'] })).toEqual({
      name: 'thing',
      properties: Object.keys(table),
      defaultProperties: ['id', 'displayName', 'tags', 'kind'],
      searchable: ['displayName'],
    });
  });

  it('comes whole where every property is answered by default', () => {
    expect(toResourceType('thing', { id: readOnly() })).toEqual({ name: 'thing', properties: ['id'] });
  });
});

describe('what a body sets', () => {
  it('takes names in any case and values as they are kept', () => {
    const body = {
      DISPLAYNAME: 'x',
      note: '',
      hiredat: '2026-01-31T01:00:00+01:00',
      enabled: 'False',
      kind: 'small',
    };
    expect(readProperties(body, table, 'create')).toEqual({
      displayName: 'x',
      note: null,
      hiredAt: '2026-01-31T00:00:00.000Z',
      enabled: false,
      kind: 'small',
    });
  });

  it.each([
    [{ colour: 'red' }, "Invalid property 'colour'."],
    [{ id: '2' }, "Property 'id' is read-only and cannot be set."],
    [{ kind: 'small' }, "Property 'kind' is read-only and cannot be set."],
    [{ displayName: null }, "Invalid value specified for property 'displayName'. Expected a string."],
    [{ note: 'longer' }, "Invalid value specified for property 'note'. It has more than 5 characters."],
    [{ tags: ['a', 'b', 'c'] }, "Invalid value specified for property 'tags'. It has more than 2 items."],
    [{ locationId: 'x' }, "Invalid value specified for property 'locationId'. Expected a GUID."],
    [{ place: { street: 'x' } }, "Invalid property 'place.street'."],
    [{ place: { city: 1 } }, "Invalid value specified for property 'place.city'. Expected a string."],
    [{ later: ['x'] }, "A value of property 'later' is not available in the local Microsoft Graph."],
  ])('refuses %j at an update', (body, message) => {
    expect(() => readProperties(body, table, 'update')).toThrow(message);
  });

  it('sets what is made once with the create alone', () => {
    expect(settableProperties(table, 'create')).toContain('kind');
    expect(settableProperties(table, 'update')).not.toContain('kind');
    expect(settableProperties(table, 'create')).not.toContain('id');
  });

  it.each(['hidden', 'hiredAt', 'locationId', 'place'])('clears %s by null', (name) => {
    expect(readProperties({ [name]: null }, table, 'update')).toEqual({ [name]: null });
  });

  it('names what a create leaves out', () => {
    expect(() => requireProperties({ displayName: null }, ['displayName'], 'Thing')).toThrow(
      "A value is required for property 'displayName' of resource 'Thing'.",
    );
    expect(() => requireProperties({ displayName: 'x' }, ['displayName'], 'Thing')).not.toThrow();
  });

  it('replaces lists whole, and parts of a value one by one', () => {
    const kept = { tags: ['a', 'b'], place: { city: 'Graz', floor: '1' }, note: 'x' };
    expect(mergeProperties(kept, { tags: ['c'], place: { floor: '2' } })).toEqual({
      tags: ['c'],
      place: { city: 'Graz', floor: '2' },
      note: 'x',
    });
    expect(mergeProperties(kept, { place: null }).place).toBeNull();
  });
});
