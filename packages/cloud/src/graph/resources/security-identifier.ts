const guidParts =
  /^(?<a>[0-9a-f]{8})-(?<b>[0-9a-f]{4})-(?<c>[0-9a-f]{4})-(?<d>[0-9a-f]{4})-(?<e>[0-9a-f]{12})$/i;

/** The SID that Windows knows an object of the directory by: `S-1-12-1-` and the GUID's four 32-bit numbers. */
export function securityIdentifierOf(objectId: string): string | null {
  const { a, b, c, d, e } = guidParts.exec(objectId)?.groups ?? {};
  if (!a || !b || !c || !d || !e) return null;
  // A GUID's first three parts are numbers, the rest bytes; Windows counts the lowest byte first.
  const rest = Buffer.from(d + e, 'hex');
  const numbers = [
    Number.parseInt(a, 16),
    Number.parseInt(c + b, 16),
    rest.readUInt32LE(0),
    rest.readUInt32LE(4),
  ];
  return `S-1-12-1-${numbers.join('-')}`;
}
