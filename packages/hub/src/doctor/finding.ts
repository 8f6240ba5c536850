/** What one look of the doctor's has found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  name: string;
  verdict: 'ok' | 'warn' | 'fail';
  /** One sentence. */
  detail: string;
  /** What to do; null where all is well. */
  advice: string | null;
}

export function fine(name: string, detail: string): Finding {
  return { name, verdict: 'ok', detail, advice: null };
}

export function warning(name: string, detail: string, advice: string): Finding {
  return { name, verdict: 'warn', detail, advice };
}

export function failing(name: string, detail: string, advice: string): Finding {
  return { name, verdict: 'fail', detail, advice };
}

/** @returns what a failure that knows its remedy means; others are faults of ours and go on */
export function findingOf(name: string, error: unknown): Finding {
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string') {
    return failing(name, error.message, error.remedy);
  }
  throw error;
}
