import { type Html, html } from '../../web/html.ts';

/** The portal's areas, as the menu on the left lists them. */
export type PortalArea =
  | 'home'
  | 'directory'
  | 'registrations'
  | 'users'
  | 'policies'
  | 'consent-requests'
  | 'sign-ins'
  | 'tokens'
  | 'signing-keys'
  | 'faults'
  | 'clock';

/** The pages of one application that its menu lists. */
type ListedBlade =
  | 'overview'
  | 'branding'
  | 'authentication'
  | 'secrets'
  | 'token-configuration'
  | 'permissions'
  | 'expose-an-api'
  | 'app-roles'
  | 'owners'
  | 'manifest';

/** The pages of one application; those that are not in the menu are commands of its overview. */
export type ApplicationBlade = ListedBlade | 'endpoints' | 'delete';

export const registrationsPath = '/app-registrations';
export const directoriesPath = '/directories';

interface MenuItem {
  title: string;
  path: string;
  isCurrent: boolean;
}

const areas: readonly { area: PortalArea; title: string; path: string }[] = [
  { area: 'home', title: 'Home', path: '/' },
  { area: 'directory', title: 'Microsoft Entra ID', path: '/directory' },
  { area: 'registrations', title: 'App registrations', path: registrationsPath },
  { area: 'users', title: 'Users', path: '/users' },
  { area: 'policies', title: 'Policies', path: '/policies' },
  { area: 'consent-requests', title: 'Admin consent requests', path: '/consent-requests' },
  { area: 'sign-ins', title: 'Sign-in log', path: '/sign-ins' },
  { area: 'tokens', title: 'Issued tokens', path: '/tokens' },
  { area: 'signing-keys', title: 'Signing keys', path: '/signing-keys' },
  { area: 'faults', title: 'Faults', path: '/faults' },
  { area: 'clock', title: 'Clock', path: '/clock' },
];

const blades: readonly { blade: ListedBlade; title: string }[] = [
  { blade: 'overview', title: 'Overview' },
  { blade: 'branding', title: 'Branding & properties' },
  { blade: 'authentication', title: 'Authentication' },
  { blade: 'secrets', title: 'Certificates & secrets' },
  { blade: 'token-configuration', title: 'Token configuration' },
  { blade: 'permissions', title: 'API permissions' },
  { blade: 'expose-an-api', title: 'Expose an API' },
  { blade: 'app-roles', title: 'App roles' },
  { blade: 'owners', title: 'Owners' },
  { blade: 'manifest', title: 'Manifest' },
];

const commandTitles: Readonly<Record<Exclude<ApplicationBlade, ListedBlade>, string>> = {
  endpoints: 'Endpoints',
  delete: 'Delete',
};

/** Where an application's page is; `id` is its object id. */
export function applicationPath(id: string, blade: ApplicationBlade = 'overview'): string {
  const base = `${registrationsPath}/${id}`;
  return blade === 'overview' ? base : `${base}/${blade}`;
}

export function titleOfBlade(blade: ApplicationBlade): string {
  if (blade === 'endpoints' || blade === 'delete') return commandTitles[blade];
  return blades.find((candidate) => candidate.blade === blade)?.title ?? '';
}

/** The menu on the left. The clock is there only where it can be moved. */
export function portalMenu(current: PortalArea, { hasClock }: { hasClock: boolean }): Html {
  const shown = areas.filter(({ area }) => area !== 'clock' || hasClock);
  const items = shown.map(({ area, title, path }) => ({ title, path, isCurrent: area === current }));
  return menu({ look: 'areas', label: 'Portal', verb: 'Menu', items });
}

export function applicationMenu(id: string, current: ApplicationBlade): Html {
  const shownAs = current in commandTitles ? 'overview' : current;
  const items = blades.map(({ blade, title }) => ({
    title,
    path: applicationPath(id, blade),
    isCurrent: blade === shownAs,
  }));
  return menu({ look: 'blades', label: 'Manage this application', verb: 'Manage', items });
}

/** A column of links where there is room; on a phone it unfolds, so that a page begins with what it is about. */
function menu({
  look,
  label,
  verb,
  items,
}: {
  look: 'areas' | 'blades';
  label: string;
  /** What unfolds it. */
  verb: string;
  items: readonly MenuItem[];
}): Html {
  const current = items.find(({ isCurrent }) => isCurrent)?.title;
  const links = html`<nav aria-label="${label}"><ul>
${items.map(menuItem)}</ul></nav>`;
  return html`<div class="${look} roomy">${links}</div>
<details class="${look} unfolding"><summary>${verb}${current === undefined ? undefined : html`: <strong>${current}</strong>`}</summary>${links}</details>`;
}

function menuItem({ title, path, isCurrent }: MenuItem): Html {
  const current = isCurrent ? html` aria-current="page"` : undefined;
  return html`<li><a href="${path}"${current}>${title}</a></li>\n`;
}
