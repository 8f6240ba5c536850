import { OperatorError, type OperatorErrors } from '../errors/operator-error.ts';

/** What can keep the database from being opened; each ends the start with one sentence and a way out. */
const storeErrors = {
  data_folder_unwritable: {
    title: 'The data folder can’t be written to',
    remedy: 'Make the folder writable for this user, or name another one with LATCHKEY_DATA.',
  },
  disk_failing: {
    title: 'The disk has no room, or fails',
    remedy: 'Make room on the disk of the data folder, or name another folder with LATCHKEY_DATA.',
  },
  database_damaged: {
    title: 'The database file is damaged',
    remedy: 'Restore the file from a backup, or move it away to start with an empty database.',
  },
  database_busy: {
    title: 'The database is held by another process',
    remedy: 'End the other process that works on this database, then start again.',
  },
  database_moved: {
    title: 'The database file was deleted or replaced while the hub runs',
    remedy:
      'Stop the hub: what it writes now is lost when it ends. Put the file back, or restore a backup, and start again.',
  },
  database_newer: {
    title: 'The database was written by a newer version of Latchkey',
    remedy: 'Start the newer version, or restore the backup from before the upgrade.',
  },
  database_unreachable: {
    title: 'The database server can’t be reached',
    remedy: 'Check that PostgreSQL runs and that DATABASE_URL names it.',
  },
  database_untrusted: {
    title: 'The certificate of the database server is not trusted',
    remedy:
      'Name the PEM file of its authority in NODE_EXTRA_CA_CERTS, or as sslrootcert in DATABASE_URL (?sslmode=verify-full&sslrootcert=/path/ca.pem).',
  },
  database_certificate_wrong: {
    title: 'The certificate of the database server does not hold',
    remedy:
      'Write the host in DATABASE_URL as the certificate names it, or sslmode=verify-ca, which passes over the name; a certificate that has expired is renewed at the server.',
  },
  database_certificate_unreadable: {
    title: 'A certificate file that DATABASE_URL names can’t be read',
    remedy:
      'Write the path of a PEM file that this user may read behind sslrootcert, sslcert and sslkey; in a container, the path inside it.',
  },
  database_without_tls: {
    title: 'The database server speaks no TLS',
    remedy:
      'Turn it on at the server (ssl = on, with a certificate), or write sslmode=disable in DATABASE_URL where nobody can listen in between.',
  },
  database_requires_tls: {
    title: 'The database server wants TLS',
    remedy:
      'Add ?sslmode=verify-full to DATABASE_URL, and &sslrootcert=/path/ca.pem where its authority is your own.',
  },
  database_forbidden: {
    title: 'The database user may not keep tables there',
    remedy: 'Give the user of DATABASE_URL the right to make tables, and to read and write them.',
  },
  database_read_only: {
    title: 'The database server takes no changes',
    remedy: 'Name the primary server in DATABASE_URL, not one that only follows it.',
  },
  database_refused: {
    title: 'The database server refuses the connection',
    remedy: 'Check the user, the password and the database name in DATABASE_URL.',
  },
} as const satisfies OperatorErrors<string>;

export type StoreErrorCode = keyof typeof storeErrors;

/** The database can't be used. `message` says what is wrong, `remedy` what to do; neither carries a password. */
export class StoreError extends OperatorError<StoreErrorCode> {
  override readonly name = 'StoreError';

  constructor(code: StoreErrorCode, detail: string, options?: ErrorOptions & { remedy?: string }) {
    super(storeErrors, code, detail, options);
  }
}
