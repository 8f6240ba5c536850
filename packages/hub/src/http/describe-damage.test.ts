import { expect, it } from 'vitest';
import { z } from 'zod';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import { presentRow } from './describe-damage.ts';

const schema = z.object({ name: z.string(), state: z.enum(['good', 'damaged']) });
const neutral = { name: '' } as const;
const damaged = () => ({ name: 'left', state: 'damaged' as const });

it('shows what is left of a row whose stored value is damaged', () => {
  const whole = () => {
    throw new DamagedValueError('The column holds none of its values.');
  };
  expect(presentRow({ schema, whole, damaged, neutral })).toEqual({ name: 'left', state: 'damaged' });
});

it('takes a mistake of the hub’s own for no damage', () => {
  const whole = () => {
    throw new TypeError('A mistake of ours.');
  };
  expect(() => presentRow({ schema, whole, damaged, neutral })).toThrow(TypeError);
});
