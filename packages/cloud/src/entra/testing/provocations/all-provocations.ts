import { addressProvocations } from './address-provocations.ts';
import { apiProvocations } from './api-provocations.ts';
import { assertionProvocations } from './assertion-provocations.ts';
import { clientProvocations } from './client-provocations.ts';
import { consentProvocations } from './consent-provocations.ts';
import { grantProvocations } from './grant-provocations.ts';
import { personProvocations } from './person-provocations.ts';
import type { Provocation } from './provocation.ts';
import { requestProvocations } from './request-provocations.ts';
import { serviceProvocations } from './service-provocations.ts';
import { sessionProvocations } from './session-provocations.ts';
import { tenantProvocations } from './tenant-provocations.ts';

/** Every AADSTS code that this cloud raises, with a way to meet it; `docs/aadsts.md` is made from it. */
export const provocationGroups: readonly { title: string; provocations: readonly Provocation[] }[] = [
  {
    title: 'The client, its credential, its tenant',
    provocations: [...clientProvocations, ...tenantProvocations],
  },
  { title: 'Client assertions and federated credentials', provocations: assertionProvocations },
  {
    title: 'Redirect URIs and the form of a request',
    provocations: [...requestProvocations, ...addressProvocations],
  },
  { title: 'Codes, refresh tokens, device codes, assertions', provocations: grantProvocations },
  {
    title: 'The person, their password, policies',
    provocations: [...personProvocations, ...sessionProvocations],
  },
  { title: 'Consent, APIs, scopes', provocations: [...consentProvocations, ...apiProvocations] },
  { title: 'The service itself', provocations: serviceProvocations },
];
