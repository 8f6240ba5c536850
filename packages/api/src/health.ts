import { z } from 'zod';

export const healthSchema = z.object({ status: z.literal('ok') });

const checkSchema = z.enum(['ok', 'failing']);
export type CheckOutcome = z.output<typeof checkSchema>;

export const readinessSchema = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    checks: z.object({ database: checkSchema, vault: checkSchema }),
  })
  .meta({ id: 'Readiness' });
