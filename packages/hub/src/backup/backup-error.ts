import { OperatorError, type OperatorErrors } from '../errors/operator-error.ts';

/** What can be wrong with a backup, each with a way out. */
const backupErrors = {
  backup_unreadable: {
    title: 'The file is no whole backup',
    remedy: 'Take another backup; latchkey backup --check tells whether a file is whole.',
  },
  backup_unwritable: {
    title: 'The backup can’t be written',
    remedy:
      'Name a file in a folder that this user may write to and that has room; a file that is there is not replaced.',
  },
  database_not_empty: {
    title: 'The database is not empty',
    remedy:
      'Name an empty database or data folder; or stop the hubs and add --force, which removes everything that is there.',
  },
} as const satisfies OperatorErrors<string>;

export type BackupErrorCode = keyof typeof backupErrors;

/** `message` says what is wrong, `remedy` what to do. */
export class BackupError extends OperatorError<BackupErrorCode> {
  override readonly name = 'BackupError';

  constructor(code: BackupErrorCode, detail: string, options?: ErrorOptions) {
    super(backupErrors, code, detail, options);
  }
}
