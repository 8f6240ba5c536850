import { z } from 'zod';

/**
 * A backup is a gzip file of JSON lines, the same for both engines, so that what was taken from SQLite goes into
 * PostgreSQL and back: a head, for each table its name and columns and then a line for each row, and an end with the
 * numbers of rows and a digest of all that stands before it.
 */
export const backupFormat = 1;

export const backupHeadSchema = z.object({
  latchkeyBackup: z.literal(backupFormat),
  version: z.string(),
  createdAt: z.iso.datetime(),
  /** The migrations that had made its tables, in their order. */
  migrations: z.array(z.string()),
  /** The keys that its values are sealed with. */
  keyIds: z.array(z.string()),
  /** The addresses of the keys that wrap these where the backup was taken; older backups don't tell. */
  wrappedBy: z.array(z.string()).default([]),
  /** Entries as the key file has them; only where they were asked for. */
  keys: z.array(z.string()).nullable(),
});
export type BackupHead = z.output<typeof backupHeadSchema>;

export const backupTableSchema = z.object({ table: z.string(), columns: z.array(z.string()) });
export type BackupTable = z.output<typeof backupTableSchema>;

/** All that both engines keep. */
const backupValueSchema = z.union([z.string(), z.number(), z.null()]);
export const backupRowSchema = z.array(backupValueSchema);
export type BackupValue = z.output<typeof backupValueSchema>;

export const backupEndSchema = z.object({
  rows: z.record(z.string(), z.number()),
  /** SHA-256 of the lines before, in base64url. */
  digest: z.string(),
});
export type BackupEnd = z.output<typeof backupEndSchema>;
