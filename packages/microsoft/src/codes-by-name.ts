/** The codes of a table of failures, under the names that they have there. */
export function codesByName<Table extends Readonly<Record<string, { readonly code: number | string }>>>(
  table: Table,
): { readonly [Name in keyof Table]: Table[Name]['code'] } {
  const codes = Object.fromEntries(Object.entries(table).map(([name, { code }]) => [name, code]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names that went in
  return codes as { readonly [Name in keyof Table]: Table[Name]['code'] };
}
