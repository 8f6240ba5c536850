/** The end of every id; the real service counts the scopes of a role by it. */
const suffix = '-1';
const guidBytes = 16;
const encodedLength = 43;

/**
 * The id of a role assignment, as the real service makes it: the role's and the principal's GUIDs, their bytes in
 * Windows' order, in base64url.
 */
export function roleAssignmentId(roleDefinitionId: string, principalId: string): string {
  return Buffer.concat([bytesOf(roleDefinitionId), bytesOf(principalId)]).toString('base64url') + suffix;
}

/** What an id says; undefined for one that is none. */
export function parseRoleAssignmentId(
  id: string,
): { roleDefinitionId: string; principalId: string } | undefined {
  if (!id.endsWith(suffix) || id.length !== encodedLength + suffix.length) return undefined;
  const bytes = Buffer.from(id.slice(0, -suffix.length), 'base64url');
  return {
    roleDefinitionId: guidOf(bytes.subarray(0, guidBytes)),
    principalId: guidOf(bytes.subarray(guidBytes)),
  };
}

/** The first three parts of a GUID are numbers, which Windows keeps with the lowest byte first. */
function bytesOf(guid: string): Buffer {
  const [first = '', second = '', third = '', ...rest] = guid.split('-');
  const numbers = [first, second, third].map((part) => Buffer.from(part, 'hex').toReversed());
  return Buffer.concat([...numbers, Buffer.from(rest.join(''), 'hex')]);
}

function guidOf(bytes: Buffer): string {
  const numbers = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)];
  const others = [bytes.subarray(8, 10), bytes.subarray(10, guidBytes)];
  return [...numbers.map((part) => part.toReversed()), ...others]
    .map((part) => Buffer.from(part).toString('hex'))
    .join('-');
}
