import { readFileSync } from 'node:fs';
import { scopes, scopeTable } from '@latchkey/api';
import { expect, it } from 'vitest';

const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');

it.each(scopes)('docs/api.md says what %s means, and what comes with it', (scope) => {
  const { means, implies } = scopeTable[scope];
  const others = implies.map((other) => `\`${other}\``).join(', ');
  expect(page).toContain(`| \`${scope}\` | ${means} | ${others} |`);
});
