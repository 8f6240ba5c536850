import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publishedSeedSchema } from '../packages/cloud/src/seed/testing/published-schema.ts';

// Run it with Node 24 after a change of packages/cloud/src/seed/seed-schema.ts; a test holds the two together.
const file = fileURLToPath(new URL('../packages/cloud/latchkey-seed.schema.json', import.meta.url));
writeFileSync(file, JSON.stringify(publishedSeedSchema()));
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' });
