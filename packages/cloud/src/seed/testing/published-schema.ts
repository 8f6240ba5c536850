import { z } from 'zod';
import { seedSchema } from '../seed-schema.ts';

/** The JSON schema of seed files, as `latchkey-seed.schema.json` in this package holds it for editors. */
export function publishedSeedSchema(): object {
  return { ...z.toJSONSchema(seedSchema), title: 'Latchkey seed file' };
}
