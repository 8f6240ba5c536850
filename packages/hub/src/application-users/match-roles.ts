import type { EnvironmentRole } from '../providers/application-users.ts';

/** @returns the roles that are meant, each once; and one that there is not, if there is such a one */
export function matchRoles(
  wanted: readonly string[],
  available: readonly EnvironmentRole[],
): { roles: EnvironmentRole[]; unknown: string | undefined } {
  const matched = new Map<string, EnvironmentRole>();
  let unknown: string | undefined;
  for (const text of wanted) {
    const low = text.toLowerCase();
    const role =
      available.find(({ id }) => id.toLowerCase() === low) ??
      available.find(({ name }) => name.toLowerCase() === low);
    if (role) matched.set(role.id, role);
    else unknown ??= text;
  }
  return { roles: [...matched.values()], unknown };
}
