/** "character_not_in_repertoire": PostgreSQL keeps no U+0000 in a text. */
const characterNotInRepertoire = '22021';

/** SQLite would keep what PostgreSQL can't; both refuse it, so that nothing works on one engine only. */
export class UnstorableTextError extends Error {
  override readonly name = 'UnstorableTextError';
  readonly code = characterNotInRepertoire;

  constructor() {
    super('A text with U+0000 has no place in the database.');
  }
}

/** Whether a query failed on either engine because a text in it can't be kept. */
export function isTextUnstorable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === characterNotInRepertoire;
}
