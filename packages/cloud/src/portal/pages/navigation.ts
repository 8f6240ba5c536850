import { type Html, html } from '../../entra/pages/html.ts';

/** The portal's areas, as the menu on the left lists them. */
export type PortalArea = 'home' | 'directory' | 'registrations' | 'users' | 'sign-ins' | 'faults' | 'clock';

/** The pages of one application. */
export type ApplicationBlade =
  | 'overview'
  | 'authentication'
  | 'secrets'
  | 'permissions'
  | 'owners'
  | 'manifest'
  | 'endpoints'
  | 'delete';

export const registrationsPath = '/app-registrations';

const areas: readonly { area: PortalArea; title: string; path: string }[] = [
  { area: 'home', title: 'Home', path: '/' },
  { area: 'directory', title: 'Microsoft Entra ID', path: '/directory' },
  { area: 'registrations', title: 'App registrations', path: registrationsPath },
  { area: 'users', title: 'Users', path: '/users' },
  { area: 'sign-ins', title: 'Sign-in log', path: '/sign-ins' },
  { area: 'faults', title: 'Faults', path: '/faults' },
  { area: 'clock', title: 'Clock', path: '/clock' },
];

const blades: readonly { blade: ApplicationBlade; title: string }[] = [
  { blade: 'overview', title: 'Overview' },
  { blade: 'authentication', title: 'Authentication' },
  { blade: 'secrets', title: 'Certificates & secrets' },
  { blade: 'permissions', title: 'API permissions' },
  { blade: 'owners', title: 'Owners' },
  { blade: 'manifest', title: 'Manifest' },
  { blade: 'endpoints', title: 'Endpoints' },
  { blade: 'delete', title: 'Delete' },
];

/** Where an application's page is; `id` is its object id. */
export function applicationPath(id: string, blade: ApplicationBlade = 'overview'): string {
  const base = `${registrationsPath}/${id}`;
  return blade === 'overview' ? base : `${base}/${blade}`;
}

export function titleOfBlade(blade: ApplicationBlade): string {
  return blades.find((candidate) => candidate.blade === blade)?.title ?? '';
}

/** The menu on the left. The clock is there only where it can be moved. */
export function portalMenu(current: PortalArea, { hasClock }: { hasClock: boolean }): Html {
  const shown = areas.filter(({ area }) => area !== 'clock' || hasClock);
  return html`<nav class="areas" aria-label="Portal"><ul>
${shown.map(({ area, title, path }) => menuItem({ title, path, isCurrent: area === current }))}</ul></nav>`;
}

export function applicationMenu(id: string, current: ApplicationBlade): Html {
  return html`<nav class="blades" aria-label="Manage this application"><ul>
${blades.map(({ blade, title }) => menuItem({ title, path: applicationPath(id, blade), isCurrent: blade === current }))}</ul></nav>`;
}

function menuItem({ title, path, isCurrent }: { title: string; path: string; isCurrent: boolean }): Html {
  const current = isCurrent ? html` aria-current="page"` : undefined;
  return html`<li><a href="${path}"${current}>${title}</a></li>\n`;
}
