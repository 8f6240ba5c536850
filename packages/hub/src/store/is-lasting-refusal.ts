// https://www.postgresql.org/docs/current/errcodes-appendix.html
export const insufficientPrivilege = '42501';
/** There is no schema in the search path to make tables in. */
const invalidSchemaName = '3F000';
export const readOnlyTransaction = '25006';

const lasting: readonly unknown[] = [insufficientPrivilege, invalidSchemaName, readOnlyTransaction];

/** Whether PostgreSQL refused a statement for what trying again does not mend: rights, or a server that only follows. */
export function isLastingRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && lasting.includes(error.code);
}
