import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { type Html, html } from '../../web/html.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import {
  choice,
  dataTable,
  formTokenField,
  goodNotice,
  plainNotice,
  refusalNotice,
  selectField,
} from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import {
  type ClaimToken,
  claimTokens,
  isClaimToken,
  type OptionalClaims,
  offeredClaims,
  optionalClaimsOf,
} from './optional-claim-list.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const path = applicationPath(':id', 'token-configuration');

const doneTexts: Readonly<Record<string, string>> = {
  added: 'The claims were added.',
  removed: 'The claim was removed.',
  groups: 'The groups claim was saved.',
};

/** `groupMembershipClaims`, in the words of the portal. */
const groupClaims: Readonly<Record<string, string>> = {
  '': 'No groups claim',
  SecurityGroup: 'Security groups',
  DirectoryRole: 'Directory roles',
  All: 'All groups and directory roles',
  ApplicationGroup: 'Groups assigned to the application',
};

/** "Token configuration": claims that tokens get on top of the usual ones. */
export const tokenConfigurationRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showTokenConfiguration(visit) },
  { method: 'POST', path: `${path}/add`, handle: addClaims },
  { method: 'POST', path: `${path}/remove`, handle: removeClaim },
  { method: 'POST', path: `${path}/groups`, handle: saveGroupsClaim },
];

function addClaims(visit: PortalVisit): PortalAnswer {
  const token = visit.form.get('token');
  if (!isClaimToken(token)) return showTokenConfiguration(visit, { message: 'Select a token type.' });
  const present = optionalClaimsOf(visitApplication(visit).application.document);
  const known = new Set(present[token].map(({ name }) => name));
  const added = offeredClaims
    .filter(({ name }) => visit.form.has(`claim:${name}`) && !known.has(name))
    .map(({ name }) => ({ name, source: null, essential: false, additionalProperties: [] }));
  if (added.length === 0) {
    return showTokenConfiguration(visit, {
      message: 'Select at least one claim that the token does not have yet.',
    });
  }
  return change(visit, { optionalClaims: { ...present, [token]: [...present[token], ...added] } }, 'added');
}

function removeClaim(visit: PortalVisit): PortalAnswer {
  const token = visit.form.get('token');
  if (!isClaimToken(token)) return showTokenConfiguration(visit, { message: 'Select a token type.' });
  const present = optionalClaimsOf(visitApplication(visit).application.document);
  const remaining = present[token].filter(({ name }) => name !== visit.form.get('claim'));
  return change(visit, { optionalClaims: { ...present, [token]: remaining } }, 'removed');
}

function saveGroupsClaim(visit: PortalVisit): PortalAnswer {
  return change(visit, { groupMembershipClaims: visit.form.get('groups') ?? null }, 'groups');
}

function change(visit: PortalVisit, body: object, done: string): PortalAnswer {
  const refusal = refusalOf(() => updateApplicationFromBody(graphCall(visit, { body })));
  if (refusal) return showTokenConfiguration(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'token-configuration')}?done=${done}`);
}

function showTokenConfiguration(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { mayManage } = visited;
  const { document } = visited.application;
  return showBlade(visited, 'token-configuration', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
${goodNotice(doneTexts[visit.query.get('done') ?? ''])}
<p>Optional claims are put into the tokens that people get for this application (ID) and into those that others get for
it as an API (access). Claims that are not offered here can be written into the <a
href="${applicationPath(visited.application.id, 'manifest')}">manifest</a>.</p>
<h2>Optional claims</h2>
${claimTable(visit, { claims: optionalClaimsOf(document), mayManage })}
${mayManage ? forms(visit, document.groupMembershipClaims) : undefined}`,
  });
}

function claimTable(
  visit: PortalVisit,
  { claims, mayManage }: { claims: OptionalClaims; mayManage: boolean },
): Html {
  const rows = claimTokens.flatMap(({ token, title }) =>
    claims[token].map(({ name }) => [
      name,
      offeredClaims.find((offered) => offered.name === name)?.description ?? '-',
      title,
      mayManage ? removeButton(visit, { token, title, name }) : '',
    ]),
  );
  if (rows.length === 0) return plainNotice('No optional claims have been added.');
  return dataTable({
    label: 'Optional claims',
    columns: ['Claim', 'Description', 'Token type', 'Actions'],
    rows,
  });
}

function removeButton(
  visit: PortalVisit,
  { token, title, name }: { token: ClaimToken; title: string; name: string },
): Html {
  const action = `${applicationPath(visit.params.id ?? '', 'token-configuration')}/remove`;
  return html`<form method="post" action="${action}">${formTokenField(visit)}<input type="hidden" name="token" value="${token}">
<input type="hidden" name="claim" value="${name}"><button type="submit" class="secondary">Remove<span class="visually-hidden"> ${name}, ${title}</span></button></form>`;
}

function forms(visit: PortalVisit, groupMembershipClaims: string | null): Html {
  const blade = applicationPath(visit.params.id ?? '', 'token-configuration');
  const present = groupMembershipClaims ?? '';
  const known = present in groupClaims ? groupClaims : { ...groupClaims, [present]: present };
  return html`<h2>Add optional claim</h2>
<form method="post" action="${blade}/add" class="card">${formTokenField(visit)}
<fieldset><legend>Token type</legend>
${claimTokens.map(({ token, title }) =>
  choice({
    type: 'radio',
    id: token,
    name: 'token',
    value: token,
    label: title,
    isChecked: token === (visit.form.get('token') ?? 'idToken'),
  }),
)}</fieldset>
<fieldset><legend>Claims</legend>
${offeredClaims.map(({ name, description }) =>
  choice({ type: 'checkbox', id: `claim-${name}`, name: `claim:${name}`, label: name, hint: description }),
)}</fieldset>
<div class="actions"><button type="submit">Add</button></div></form>
<h2>Groups claim</h2>
<form method="post" action="${blade}/groups" class="card">${formTokenField(visit)}
${selectField({ id: 'groups', label: 'Groups to put into tokens', options: known, chosen: present })}
<div class="actions"><button type="submit">Save</button></div></form>`;
}
