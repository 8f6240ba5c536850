import type { LocalPerson } from '../../directory/local-people.ts';
import { seededPassword } from '../../directory/seed-contoso.ts';
import { type Html, html } from '../../web/html.ts';
import type { FormTarget } from './form-target.ts';

/** Who can sign in here, as far as a page shows it. */
export interface OfferedPeople {
  people: readonly LocalPerson[];
  /** Whether there are more of them. */
  hasMore: boolean;
}

const passwordSentence = html`<p>Local people have the password <code>${seededPassword}</code>, unless their seed, the
portal or they themselves gave them another.</p>`;

/** Offers the people of this cloud, each as a button that goes on to their password; undefined when there is nobody. */
export function peopleHint(
  { action, flow }: FormTarget,
  { people, hasMore }: OfferedPeople,
): Html | undefined {
  if (people.length === 0) return undefined;
  return html`<h2>Local people</h2>
<form method="post" action="${action}">
<input type="hidden" name="ctx" value="${flow}">
<ul>${people.map(
    ({
      displayName,
      userPrincipalName,
    }) => html`<li><button name="loginfmt" value="${userPrincipalName}">${displayName}
<span>${userPrincipalName}</span></button></li>`,
  )}</ul></form>
${hasMore ? html`<p>There are more; the portal lists them all.</p>` : undefined}
${passwordSentence}`;
}

/** What a person who tries the cloud out may not know on the page that asks for a password. */
export const passwordHint = passwordSentence;

/** The same on the page that asks for a one-time code. */
export function codeHint(oneTimeCode: string): Html {
  return html`<p>The code of this local person is <code>${oneTimeCode}</code>.</p>`;
}
