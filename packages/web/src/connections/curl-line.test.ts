import { expect, it } from 'vitest';
import { curlLine } from './curl-line.ts';

it('lists accounts through the hub, with the key taken from the environment', () => {
  expect(curlLine('http://localhost:4480', 'c1')).toBe(
    `curl -H "Authorization: Bearer $LATCHKEY_API_KEY" 'http://localhost:4480/api/v1/connections/c1/proxy/api/data/v9.2/accounts?$select=name,address1_city,telephone1&$top=5'`,
  );
});
