/** What the decision about a consent page rests on. */
export interface ConsentFacts {
  /** A client of Microsoft's own that was authorised ahead: nobody is ever asked. */
  preauthorized: boolean;
  /** What was given so far is enough for what is asked. */
  covered: boolean;
  /** Something that was not given yet is for administrators alone to give. */
  needsAdministrator: boolean;
  /** The person's directory role lets them consent for everybody. */
  mayConsent: boolean;
  /** The same, for all that the registration lists, application permissions included. */
  mayConsentToAll: boolean;
}

/** `forced`: show the page although everything was given; `organization`: an administrator for the whole tenant. */
export type ConsentPrompt = 'when_missing' | 'forced' | 'organization';

export type ConsentDecision =
  | { consent: 'given' }
  | { consent: 'needed'; offersOrganization: boolean }
  | { consent: 'administrator_needed' };

/** Whether a consent page is shown, and which. Microsoft Entra "Consent experience for applications". */
export function decideConsent(facts: ConsentFacts, prompt: ConsentPrompt): ConsentDecision {
  if (facts.preauthorized) return { consent: 'given' };
  if (prompt === 'organization') {
    return facts.mayConsentToAll
      ? { consent: 'needed', offersOrganization: false }
      : { consent: 'administrator_needed' };
  }
  if (facts.covered && prompt === 'when_missing') return { consent: 'given' };
  if (facts.needsAdministrator && !facts.mayConsent) return { consent: 'administrator_needed' };
  return { consent: 'needed', offersOrganization: facts.mayConsent };
}
