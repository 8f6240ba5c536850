import { readFileSync } from 'node:fs';
import { wellKnownAppRoles, wellKnownScopes } from '@latchkey/microsoft';
import type { AppRole, PermissionScope } from '../application-document.ts';
import { type MicrosoftService, microsoftServices } from './microsoft-services.ts';
import { roleTexts, scopeTexts } from './permission-texts.ts';

/** What a service of Microsoft's offers to applications. */
export interface MicrosoftPermissions {
  scopes: readonly PermissionScope[];
  roles: readonly AppRole[];
  /** The scopes by their values in lower case. */
  scopesByValue: ReadonlyMap<string, PermissionScope>;
}

/** One line of a file. */
interface PermissionRow {
  kind: string;
  value: string;
  id: string;
  consent: string;
}

/** Scopes whose texts people know from Microsoft's pages. */
const knownScopes = new Map<string, PermissionScope>(
  Object.values<Readonly<Record<string, Omit<PermissionScope, 'isEnabled'>>>>(wellKnownScopes)
    .flatMap((scopes) => Object.values(scopes))
    .map((scope) => [scope.id, { ...scope, isEnabled: true }]),
);
const knownRoles = new Map<string, { displayName: string; description: string }>(
  Object.values(wellKnownAppRoles.microsoftGraph).map((role) => [role.id, role]),
);

const services = new Map(microsoftServices.map((service) => [service.appId, service]));
/** What was read; the files never change. */
const read = new Map<string, MicrosoftPermissions>();

/**
 * The permissions of a service of Microsoft's, with their real values and ids; undefined for other applications. Graph
 * has over a thousand, so that a file is read when it is first asked for.
 */
export function microsoftPermissions(appId: string): MicrosoftPermissions | undefined {
  const known = read.get(appId);
  if (known) return known;
  const service = services.get(appId);
  if (!service) return undefined;
  const permissions = readPermissions(service);
  read.set(appId, permissions);
  return permissions;
}

function readPermissions({ displayName, permissions }: MicrosoftService): MicrosoftPermissions {
  const rows: PermissionRow[] =
    typeof permissions === 'string'
      ? readRows(permissions)
      : [{ ...permissions, kind: 'delegated', consent: 'user' }];
  const scopes = rows
    .filter(({ kind }) => kind === 'delegated')
    .map(
      ({ value, id, consent }): PermissionScope =>
        knownScopes.get(id) ?? {
          id,
          value,
          type: consent === 'user' ? 'User' : 'Admin',
          isEnabled: true,
          ...scopeTexts(value, displayName),
        },
    );
  const roles = rows
    .filter(({ kind }) => kind === 'application')
    .map(({ value, id }): AppRole => {
      const { displayName: title, description } = knownRoles.get(id) ?? roleTexts(value);
      return {
        id,
        value,
        displayName: title,
        description,
        allowedMemberTypes: ['Application'],
        isEnabled: true,
        origin: 'Application',
      };
    });
  return { scopes, roles, scopesByValue: new Map(scopes.map((scope) => [scope.value.toLowerCase(), scope])) };
}

function readRows(name: string): PermissionRow[] {
  return readFileSync(new URL(`./permissions/${name}.tsv`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [kind = '', value = '', id = '', consent = ''] = line.split('\t');
      return { kind, value, id, consent };
    });
}
