import type { Application } from '../../directory/applications.ts';
import type { RequestedPermissions } from '../../directory/record-consent.ts';
import type { User } from '../../directory/users.ts';
import { type Html, html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import { mainButton, otherButton } from './form-buttons.ts';
import type { FormTarget } from './form-target.ts';
import { identityBanner } from './sign-in-pages.ts';

const consentTitle = 'Permissions requested';

/** Who is asked: a person for themselves, an administrator who may widen it, an administrator for everybody. */
export type ConsentAudience = 'person' | 'person_or_organization' | 'organization';

/** "Permissions requested": what the app wants, each with its text, and Accept or Cancel. */
export function consentPage(
  target: FormTarget,
  {
    application,
    user,
    requested,
    audience,
  }: {
    application: Application;
    user: User;
    requested: readonly RequestedPermissions[];
    audience: ConsentAudience;
  },
): Page {
  const isForOrganization = audience === 'organization';
  return {
    title: consentTitle,
    body: html`${identityBanner(user.userPrincipalName)}
<h1>Permissions requested${isForOrganization ? html`<br>Accept for your organization` : undefined}</h1>
<p class="app">${application.displayName}</p>
<p class="muted">${application.document.publisherDomain ?? ''} <strong>unverified</strong></p>
<p>${isForOrganization ? 'This app would like to (for everybody in your organization):' : 'This app would like to:'}</p>
<ul class="permissions">${requested.flatMap((permissions) => permissionItems(permissions, isForOrganization))}</ul>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
${audience === 'person_or_organization' ? organizationCheckbox : undefined}
<p class="muted">Accepting these permissions means that you allow this app to use your data as specified in their
${termsOf(application)}
You can change these permissions at https://myapps.microsoft.com.</p>
<div class="actions">
${mainButton('accept', 'Accept')}
${otherButton('cancel', 'Cancel')}
</div>
</form>`,
  };
}

/** "Need admin approval" (AADSTS90094): the person may not give what the app asks for. */
export function adminApprovalPage(
  target: FormTarget,
  { application, user }: { application: Application; user: User },
): Page {
  return {
    title: 'Need admin approval',
    body: html`${identityBanner(user.userPrincipalName)}
<h1>Need admin approval</h1>
<p class="app">${application.displayName}</p>
<p class="muted">${application.document.publisherDomain ?? ''} <strong>unverified</strong></p>
<p>${application.displayName} needs permission to access resources in your organization that only an admin can grant.
Please ask an admin to grant permission to this app before you can use it.</p>
<p class="code">AADSTS90094</p>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<p><button type="submit" class="link" name="step" value="other">Have an admin account? Sign in with that
account</button></p>
<p><button type="submit" class="link" id="idBtn_Back" name="step" value="unapproved">Return to the application without
granting consent</button></p>
</form>`,
  };
}

const organizationCheckbox = html`<p class="check"><input type="checkbox" id="orgConsent" name="orgConsent" value="true">
<label for="orgConsent">Consent on behalf of your organization</label></p>`;

/** The publisher's own pages, where they are web pages. */
function termsOf({ document: { info } }: Application): Html {
  const [terms, privacy] = [info.termsOfServiceUrl, info.privacyStatementUrl].map(webAddress);
  if (terms === undefined && privacy === undefined) {
    return html`terms of service and privacy statement. The publisher has not provided links to their terms for you to
review.`;
  }
  return html`${linkTo(terms, 'terms of service')} and ${linkTo(privacy, 'privacy statement')}.`;
}

function webAddress(address: string | null | undefined): string | undefined {
  const url = address ? URL.parse(address) : null;
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

function linkTo(address: string | undefined, text: string): Html {
  return address === undefined
    ? html`${text}`
    : html`<a href="${address}" target="_blank" rel="noopener noreferrer">${text}</a>`;
}

/** The permissions of one API, each with its text for a person or for an administrator. */
export function permissionItems({ scopes, roles }: RequestedPermissions, isForOrganization: boolean): Html[] {
  const delegated = scopes.map((scope) =>
    isForOrganization
      ? permissionItem(scope.adminConsentDisplayName, scope.adminConsentDescription)
      : permissionItem(
          scope.userConsentDisplayName ?? scope.adminConsentDisplayName,
          scope.userConsentDescription ?? scope.adminConsentDescription,
        ),
  );
  if (!isForOrganization) return delegated;
  return [...delegated, ...roles.map((role) => permissionItem(role.displayName, role.description))];
}

function permissionItem(name: string, text: string): Html {
  return html`<li><details><summary>${name}</summary><p>${text}</p></details></li>`;
}
