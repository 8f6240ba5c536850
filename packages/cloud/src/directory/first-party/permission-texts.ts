import type { AppRole, PermissionScope } from '../application-document.ts';

type ScopeTexts = Pick<
  PermissionScope,
  'adminConsentDisplayName' | 'adminConsentDescription' | 'userConsentDisplayName' | 'userConsentDescription'
>;

/** What the parts of a permission's value mean in a sentence. */
const actions: Readonly<Record<string, string>> = {
  Read: 'Read',
  ReadBasic: 'Read basic properties of',
  ReadWrite: 'Read and write',
  ReadWriteBasic: 'Read and write basic properties of',
  Write: 'Write',
  Create: 'Create',
  Delete: 'Delete',
  Edit: 'Edit',
  Execute: 'Execute',
  Export: 'Export',
  FullControl: 'Have full control of',
  Install: 'Install',
  Invite: 'Invite',
  Invoke: 'Invoke',
  Manage: 'Manage',
  Remove: 'Remove',
  Search: 'Search',
  Send: 'Send',
  Submit: 'Submit',
  Upload: 'Upload',
};

/** The values by which an app acts as the person in everything that a service offers. */
const impersonations: ReadonlySet<string> = new Set(['user_impersonation', 'User']);

/** The texts of a delegated permission, made from its value: `Mail.ReadWrite` reads and writes mail. */
export function scopeTexts(value: string, serviceName: string): ScopeTexts {
  const title = impersonations.has(value) ? `Access ${serviceName}` : permissionTitle(value);
  const asWhom = (person: string) => `${title} on behalf of ${person}.`;
  return {
    adminConsentDisplayName: title,
    adminConsentDescription: asWhom('the signed-in user'),
    userConsentDisplayName: title,
    userConsentDescription: asWhom('you'),
  };
}

/** The texts of an application permission, made from its value. */
export function roleTexts(value: string): Pick<AppRole, 'displayName' | 'description'> {
  const title = permissionTitle(value);
  return { displayName: title, description: `${title} without a signed-in user.` };
}

/** `Group.ReadWrite.All` is "Read and write all groups", what fits no sentence is listed: "Teamwork: migrate, all". */
function permissionTitle(value: string): string {
  const [subject = '', ...rest] = value.split('.');
  const verbAt = rest.findIndex((part) => Object.hasOwn(actions, part));
  const action = actions[rest[verbAt] ?? ''];
  if (action === undefined) return listParts(subject, rest);
  const before = rest.slice(0, verbAt);
  const extents = rest.slice(verbAt + 1);
  const narrower = extents.filter((extent) => extent !== 'All').map(inWords);
  const what = [subject, ...before].map(inWords).join(' ');
  return [
    action,
    extents.includes('All') ? `all ${inPlural(what)}` : what,
    ...(narrower.length > 0 ? [`(${narrower.join(', ')})`] : []),
  ].join(' ');
}

function listParts(subject: string, parts: readonly string[]): string {
  const words = inWords(subject);
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return parts.length === 0 ? title : `${title}: ${parts.map(inWords).join(', ')}`;
}

/** Of the words that permissions end in, those that have no plural, or are one. */
const withoutPlural =
  /(?:[A-Z]|access|administration|anon|automation|content|curricula|data|health|infrastructure|intelligence|internal|info|information|ing|mail|management|people|presence|security|teamwork|telemetry|todo|voice|s)$/;

function inPlural(words: string): string {
  if (withoutPlural.test(words)) return words;
  if (/[^aeiou]y$/.test(words)) return words.replace(/y$/, 'ies');
  return /(?:ch|sh|x|z)$/.test(words) ? `${words}es` : `${words}s`;
}

/** `DeviceManagementRBAC` as "device management RBAC". */
function inWords(part: string): string {
  const words = part.match(/[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [part];
  return words.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ');
}
