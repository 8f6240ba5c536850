import type { KeyCredential } from '../../directory/application-document.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { type Html, html } from '../../web/html.ts';
import { visitApplication } from '../applications/visit-application.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import {
  askedButton,
  copyable,
  dataTable,
  formatDay,
  formTokenField,
  plainNotice,
  textField,
} from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { readCertificateFile, thumbprintOf } from './read-certificate-file.ts';
import { credentialsPath, expiry, showCredentials } from './show-credentials.ts';

const path = `${applicationPath(':id', 'secrets')}/certificates`;
const maximumNameLength = 120;

/** "Certificates & secrets", the tab "Certificates". */
export const certificateRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showCertificates(visit) },
  { method: 'POST', path, handle: addCertificate },
  { method: 'POST', path: `${path}/remove`, handle: removeCertificate },
];

function addCertificate(visit: PortalVisit): PortalAnswer {
  const keys = keysOf(visit);
  const uploaded = visit.form.get('certificate');
  if (uploaded === undefined)
    return showCertificates(visit, { message: 'Select the file of a certificate.' });
  const certificate = readCertificateFile(Buffer.from(uploaded, 'base64'));
  if ('message' in certificate) return showCertificates(visit, certificate);
  const thumbprint = thumbprintOf(certificate.bytes);
  if (keys.some((key) => thumbprintOfKey(key) === thumbprint)) {
    return showCertificates(visit, {
      message: `The application has this certificate already: ${thumbprint}.`,
    });
  }
  const added = {
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    displayName: visit.form.get('description') ?? certificate.subject,
    key: certificate.bytes.toString('base64'),
  };
  return change(visit, { keys: [...keys.map(kept), added], done: 'certificate-added' });
}

function removeCertificate(visit: PortalVisit): PortalAnswer {
  const remaining = keysOf(visit).filter(({ keyId }) => keyId !== visit.form.get('key'));
  return change(visit, { keys: remaining.map(kept), done: 'certificate-removed' });
}

/** An entry without its key stays as it is. */
function kept({ keyId }: KeyCredential): object {
  return { keyId };
}

function change(visit: PortalVisit, { keys, done }: { keys: readonly object[]; done: string }): PortalAnswer {
  const refusal = refusalOf(() =>
    updateApplicationFromBody(graphCall(visit, { body: { keyCredentials: keys } })),
  );
  if (refusal) return showCertificates(visit, refusal);
  return goTo(`${credentialsPath(visit.params.id ?? '', 'certificates')}?done=${done}`);
}

function keysOf(visit: PortalVisit): readonly KeyCredential[] {
  return visitApplication(visit).application.document.keyCredentials;
}

function thumbprintOfKey({ key }: KeyCredential): string {
  return thumbprintOf(Buffer.from(key, 'base64'));
}

function showCertificates(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const keys = visited.application.document.keyCredentials;
  return showCredentials(visit, visited, {
    kind: 'certificates',
    refusal,
    body: html`<p>Certificates can prove who the application is, too: it signs an assertion with the private key, which it
alone has. Also called public keys.</p>
${
  keys.length === 0
    ? plainNotice('No certificates have been added for this application.')
    : certificateTable(visit, { keys, mayManage: visited.mayManage })
}
${visited.mayManage ? uploadForm(visit) : undefined}`,
  });
}

function certificateTable(
  visit: PortalVisit,
  { keys, mayManage }: { keys: readonly KeyCredential[]; mayManage: boolean },
): Html {
  const now = visit.context.clock.now();
  return dataTable({
    label: 'Certificates',
    columns: ['Thumbprint', 'Description', 'Start date', 'Expires', 'Certificate ID', 'Actions'],
    rows: keys.map((key) => [
      copyable('Thumbprint', thumbprintOfKey(key)),
      key.displayName ?? '-',
      formatDay(Date.parse(key.startDateTime)),
      expiry(Date.parse(key.endDateTime), now),
      copyable('Certificate ID', key.keyId),
      mayManage
        ? askedButton(visit, {
            label: 'Delete',
            name: key.displayName ?? key.keyId,
            action: `${credentialsPath(visit.params.id ?? '', 'certificates')}/remove`,
            fields: { key: key.keyId },
            warning: 'Assertions that are signed with it are taken no more.',
            answer: 'Yes, delete',
          })
        : '',
    ]),
  });
}

function uploadForm(visit: PortalVisit): Html {
  return html`<h2>Upload certificate</h2>
<form method="post" enctype="multipart/form-data" action="${credentialsPath(visit.params.id ?? '', 'certificates')}"
 class="card">${formTokenField(visit)}
<div class="field"><label for="certificate">Certificate</label>
<span class="hint" id="certificate-hint">Upload the public certificate, a file of the type .cer, .pem or .crt.</span>
<input type="file" id="certificate" name="certificate" accept=".cer,.pem,.crt" required aria-describedby="certificate-hint"></div>
${textField({
  id: 'description',
  label: 'Description',
  hint: 'The subject of the certificate, when it stays empty.',
  value: visit.form.get('description'),
  maximumLength: maximumNameLength,
})}
<div class="actions"><button type="submit">Add</button></div></form>`;
}
