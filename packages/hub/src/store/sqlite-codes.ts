// https://www.sqlite.org/rescode.html
export const sqliteBusy = 5;
export const sqliteReadOnly = 8;
export const sqliteIoError = 10;
export const sqliteCorrupt = 11;
export const sqliteFull = 13;
export const sqliteCannotOpen = 14;
export const sqliteNotADatabase = 26;

/** @returns the result code of a failure of SQLite's, without what extends it; null for another failure */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  // Extended result codes keep the primary one in their low byte.
  return error.errcode & 0xff;
}
