import { accessDenied } from '../../graph/errors/graph-error.ts';
import { rotateSigningKeys } from '../../jwt/signing-keys.ts';
import { html } from '../../web/html.ts';
import { copyable, dataTable, formTokenField, goodNotice, plainNotice } from '../pages/form-parts.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';

const path = '/signing-keys';

/** The keys that tokens are signed with, and a new one at will: clients have to bear that, as the real cloud does it. */
export const signingKeyRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: showKeys },
  { method: 'POST', path, handle: rotate },
];

async function rotate(visit: PortalVisit): Promise<PortalAnswer> {
  if (!mayRotate(visit)) throw accessDenied();
  const { directory, signingKeys } = visit.context;
  await rotateSigningKeys(directory, signingKeys);
  return goTo(`${path}?done=rotated`);
}

function showKeys(visit: PortalVisit): PortalAnswer {
  const { signingKeys } = visit.context;
  const { tenant } = visit.session;
  return showPage({
    title: 'Signing keys',
    area: 'signing-keys',
    trail: [{ title: 'Home', path: '/' }],
    body: html`${goodNotice(
      visit.query.get('done') === 'rotated' ? 'A new key signs from now on.' : undefined,
    )}
<p>Tokens of this local cloud are checked with these keys, which are published at
<span class="value">${visit.origins.entra}/${tenant.id}/discovery/v2.0/keys</span>. A client that keeps them for ever fails
after a rotation; one that looks again for an unknown key goes on.</p>
${dataTable({
  label: 'Signing keys',
  columns: ['Key (kid)', 'State'],
  rows: signingKeys.all.map(({ kid }) => [
    copyable('Key', kid),
    kid === signingKeys.current.kid ? 'Signs' : 'Published, until no token that it signed is alive',
  ]),
})}
${
  mayRotate(visit)
    ? html`<form method="post" action="${path}">${formTokenField(visit)}
<button type="submit">Rotate keys</button></form>`
    : plainNotice('Only a Global Administrator can rotate the keys.')
}`,
  });
}

function mayRotate({ session }: PortalVisit): boolean {
  return session.user.directoryRoles.includes('Global Administrator');
}
