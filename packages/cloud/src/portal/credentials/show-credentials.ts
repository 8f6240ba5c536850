import { listClientSecrets } from '../../directory/client-secrets.ts';
import { type Html, html } from '../../web/html.ts';
import { lookOnlyNotice, showBlade, type VisitedApplication } from '../applications/visit-application.ts';
import type { Refusal } from '../graph/call-graph.ts';
import { formatDay, goodNotice, refusalNotice, tabBar } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import type { PortalAnswer, PortalVisit } from '../visit/portal-visit.ts';

export type CredentialKind = 'certificates' | 'secrets' | 'federated';

const doneTexts: Readonly<Record<string, string>> = {
  'secret-removed': 'The client secret was deleted.',
  'certificate-added': 'The certificate was added.',
  'certificate-removed': 'The certificate was deleted.',
  'federated-added': 'The federated credential was added.',
  'federated-saved': 'The federated credential was saved.',
  'federated-removed': 'The federated credential was deleted.',
};

/** Where one kind of credentials is; secrets come first, as most applications have nothing else. */
export function credentialsPath(id: string, kind: CredentialKind): string {
  const blade = applicationPath(id, 'secrets');
  return kind === 'secrets' ? blade : `${blade}/${kind}`;
}

/** "Certificates & secrets": one kind of credentials, with the tabs that lead to the others. */
export function showCredentials(
  visit: PortalVisit,
  visited: VisitedApplication,
  { kind, refusal, body }: { kind: CredentialKind; refusal?: Refusal | undefined; body: Html },
): PortalAnswer {
  const { id, document } = visited.application;
  const counts: Record<CredentialKind, number> = {
    certificates: document.keyCredentials.length,
    secrets: listClientSecrets(visit.context.directory, id).length,
    federated: document.federatedIdentityCredentials?.length ?? 0,
  };
  const tab = (candidate: CredentialKind, title: string) => ({
    title: `${title} (${counts[candidate]})`,
    path: credentialsPath(id, candidate),
    isCurrent: candidate === kind,
  });
  return showBlade(visited, 'secrets', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
${goodNotice(doneTexts[visit.query.get('done') ?? ''])}
<p>Credentials let an application prove who it is when it asks for tokens. Keep them as you keep passwords; a
certificate or a federated credential is safer than a secret.</p>
${tabBar('Kinds of credentials', [
  tab('certificates', 'Certificates'),
  tab('secrets', 'Client secrets'),
  tab('federated', 'Federated credentials'),
])}
${body}`,
  });
}

/** The day on which a credential ends, marked once it has. */
export function expiry(endAt: number, now: number): Html | string {
  if (endAt > now) return formatDay(endAt);
  return html`${formatDay(endAt)} <strong class="ungranted">Expired</strong>`;
}
