/** A secret that was just made and has not been shown yet. */
export interface FreshSecret {
  applicationId: string;
  keyId: string;
  secretText: string;
}

/** Carries a new secret's value from the form to the page that shows it, in memory alone and once. */
export interface FreshSecrets {
  put(sessionId: string, secret: FreshSecret): void;
  /** Hands the secret out and forgets it. */
  take(sessionId: string, applicationId: string): FreshSecret | undefined;
}

/** One secret a session: whoever makes another without looking at the first has lost it, as everywhere. */
export function createFreshSecrets(): FreshSecrets {
  const secrets = new Map<string, FreshSecret>();
  return {
    put: (sessionId, secret) => {
      secrets.set(sessionId, secret);
    },
    take: (sessionId, applicationId) => {
      const secret = secrets.get(sessionId);
      if (secret?.applicationId !== applicationId) return undefined;
      secrets.delete(sessionId);
      return secret;
    },
  };
}
