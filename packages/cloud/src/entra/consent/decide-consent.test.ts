import { expect, it } from 'vitest';
import { type ConsentFacts, type ConsentPrompt, decideConsent } from './decide-consent.ts';

const person: ConsentFacts = {
  preauthorized: false,
  covered: false,
  needsAdministrator: false,
  mayConsent: false,
  mayConsentToAll: false,
};
const administrator = { ...person, mayConsent: true, mayConsentToAll: true };

it.each<[string, ConsentFacts, ConsentPrompt, object]>([
  ['given already', { ...person, covered: true }, 'when_missing', { consent: 'given' }],
  ['missing', person, 'when_missing', { consent: 'needed', offersOrganization: false }],
  ['missing, administrator', administrator, 'when_missing', { consent: 'needed', offersOrganization: true }],
  [
    'given, but asked again',
    { ...person, covered: true },
    'forced',
    { consent: 'needed', offersOrganization: false },
  ],
  [
    'more than a person may give',
    { ...person, needsAdministrator: true },
    'when_missing',
    { consent: 'administrator_needed' },
  ],
  [
    'more than a person may give, administrator',
    { ...administrator, needsAdministrator: true },
    'when_missing',
    { consent: 'needed', offersOrganization: true },
  ],
  ['for all, person', person, 'organization', { consent: 'administrator_needed' }],
  ['for all, administrator', administrator, 'organization', { consent: 'needed', offersOrganization: false }],
  [
    'for all, with roles beyond the administrator',
    { ...administrator, mayConsentToAll: false },
    'organization',
    { consent: 'administrator_needed' },
  ],
  ["Microsoft's own client", { ...person, preauthorized: true }, 'forced', { consent: 'given' }],
])('%s', (_name, facts, prompt, decision) => {
  expect(decideConsent(facts, prompt)).toEqual(decision);
});
