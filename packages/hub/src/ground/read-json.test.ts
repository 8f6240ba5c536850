import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readColumn } from './read-json.ts';

const schema = z.object({ code: z.string() });

describe('readColumn', () => {
  it('reads what fits', () => {
    expect(readColumn(schema, '{"code":"crm_refused"}', 'connections.last_failure')).toEqual({
      code: 'crm_refused',
    });
  });

  it.each([
    ['is no JSON', '{"code":"secret'],
    ['has another shape', '{"code":{"secret":1}}'],
  ])('names the column and not the value when it %s', (_what, text) => {
    const read = () => readColumn(schema, text, 'connections.last_failure');
    expect(read).toThrow(/connections\.last_failure/);
    expect(read).not.toThrow(/secret/);
  });
});
