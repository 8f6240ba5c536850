import { describe, expect, it } from 'vitest';
import { clientIdSchema, tenantIdSchema } from './pasted-text.ts';

const guid = '2a28842f-dce7-4a7c-8831-fa5f3f038f26';

describe('an application (client) id', () => {
  it.each([guid, guid.toUpperCase(), ` ${guid}\n`])('is taken as pasted: %j', (pasted) => {
    expect(clientIdSchema.parse(pasted)).toBe(pasted.trim());
  });

  it.each(['', 'Latchkey', `{${guid}}`, `${guid}0`, `x${guid}`, guid.replaceAll('-', '')])(
    'is refused where it is no GUID: %j',
    (pasted) => {
      expect(clientIdSchema.safeParse(pasted).error?.issues[0]?.message).toMatch(/is a GUID/);
    },
  );
});

describe('a tenant', () => {
  it.each([guid, 'contoso.onmicrosoft.com', 'CONTOSO.com', 'a-b.example.co.uk'])('may be %s', (tenant) => {
    expect(tenantIdSchema.parse(tenant)).toBe(tenant);
  });

  it.each([
    'contoso',
    'contoso.',
    '.com',
    '-a.com',
    'contoso.c',
    'a b.com',
    'contoso.com/x',
    `${guid}/x`,
    `x.${'c'.repeat(64)}`,
  ])('may not be %s', (tenant) => {
    expect(tenantIdSchema.safeParse(tenant).success).toBe(false);
  });
});
