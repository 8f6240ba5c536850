import { expect, it } from 'vitest';
import { parseForm } from '../../web/parse-form.ts';
import { requireParameter } from './require-parameter.ts';

it('refuses a parameter without value as a missing one', () => {
  expect(() => requireParameter(parseForm('client_id='), 'client_id')).toThrow(
    "must contain the following parameter: 'client_id'",
  );
});
