/**
 * Every column that the vault seals, by its table, and the column that names the row. It is all that a rotation of keys
 * goes through: a sealed column that is missing here would lose its values with the old key.
 */
export const sealedColumns = {
  connections: { key: 'id', columns: ['sealed_client_secret', 'sealed_private_key'] },
  token_sets: { key: 'connection_id', columns: ['sealed_access_token', 'sealed_refresh_token'] },
  authorizations: { key: 'state_hash', columns: ['sealed_code_verifier'] },
  registrations: {
    key: 'id',
    columns: [
      'sealed_client_secret',
      'sealed_next_secret',
      'sealed_previous_secret',
      'sealed_sign_in_link',
      'sealed_device_code',
      'sealed_administrator_token',
    ],
  },
  application_users: {
    key: 'connection_id',
    columns: ['sealed_sign_in_link', 'sealed_administrator_token'],
  },
} as const satisfies Record<string, { key: string; columns: readonly string[] }>;

export type SealedTable = keyof typeof sealedColumns;

export const sealedTables: readonly SealedTable[] = [
  'connections',
  'token_sets',
  'authorizations',
  'registrations',
  'application_users',
];

/** @returns the place that a value is sealed for: no other row or column opens it */
export function sealedPlace(table: string, rowKey: string, column: string): string {
  return `${table}/${rowKey}/${column}`;
}
