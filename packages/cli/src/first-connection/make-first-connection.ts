import type { Connection, HubClient, Registration, RegistrationStepName } from '@latchkey/client';
import { createPageBrowser } from './page-browser.ts';
import { signInOnPages } from './sign-in-on-pages.ts';

/** One of the steps that a person would do by hand; told as it is done. */
export interface SetupStep {
  /** The number in the usual sixteen-step instructions, e.g. `1.` or `6.–8.`. */
  number: string;
  title: string;
  /** What proves it. */
  fact: string;
  milliseconds: number;
}

interface Person {
  userName: string;
  password: string;
}

interface FirstConnectionSetup {
  hub: HubClient;
  administrator: Person;
  /** Who uses the CRM. */
  user: Person;
  /** The CRM's address, as the person would paste it. */
  environmentUrl: string;
  tell: (step: SetupStep) => void;
}

const registrationName = 'Latchkey';
const pollMilliseconds = 20;
const longestRegistrationMilliseconds = 120_000;

/**
 * Makes the first connection from nothing, through the hub's public API and the sign-in pages alone, as a person
 * and a client would. A setup that was cut off goes on where it stopped.
 *
 * @throws Error (HubProblemError from the hub) with the reason when a step fails
 */
export async function makeFirstConnection(setup: FirstConnectionSetup): Promise<Connection> {
  const registration = await register(setup);
  const connection = await signIn(setup, registration);
  return prove(setup, connection);
}

/** Steps 1 to 9, and the client secret. */
async function register({ hub, administrator, tell }: FirstConnectionSetup): Promise<Registration> {
  const startedAt = performance.now();
  const { items } = await hub.registrations.list();
  const known = items.find((item) => item.name === registrationName && item.kind === 'created');
  let registration =
    known && known.state !== 'undone' && known.state !== 'undoing'
      ? known
      : await hub.registrations.create({
          kind: 'created',
          name: registrationName,
          signInAudience: 'AzureADMyOrg',
          administratorSignIn: 'browser',
        });
  if (registration.state === 'failed') registration = await hub.registrations.retry(registration.id);
  if (registration.state === 'awaiting_sign_in') {
    registration = await hub.registrations.signIn(registration.id, { administratorSignIn: 'browser' });
    if (registration.signIn?.kind !== 'browser') throw new Error('The hub offers no sign-in by browser.');
    await signInOnPages(createPageBrowser(), { link: registration.signIn.url, ...administrator });
  }
  tell({
    number: '1.',
    title: 'Administrator signs in to Entra ID',
    fact: administrator.userName,
    milliseconds: performance.now() - startedAt,
  });
  registration = await waitUntilDone(hub, registration.id);
  for (const line of registrationLines(registration)) tell(line);
  return registration;
}

async function waitUntilDone(hub: HubClient, registrationId: string): Promise<Registration> {
  const deadline = performance.now() + longestRegistrationMilliseconds;
  while (performance.now() < deadline) {
    const registration = await hub.registrations.get(registrationId);
    if (registration.state === 'ready') return registration;
    if (registration.state !== 'running') {
      const failure = registration.failure;
      throw new Error(
        failure
          ? `${failure.title}: ${failure.detail} ${failure.remedy}`
          : `The registration is ${registration.state}.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  throw new Error('The registration did not end within two minutes.');
}

function registrationLines(registration: Registration): SetupStep[] {
  const duration = (...steps: RegistrationStepName[]) =>
    registration.steps
      .filter((step) => steps.includes(step.name))
      .reduce((sum, step) => sum + (step.durationMs ?? 0), 0);
  const secret = registration.clientSecret;
  return [
    {
      number: '2.',
      title: 'App registrations',
      fact: `directory ${registration.tenantName ?? ''} (${registration.tenantId ?? ''})`,
      milliseconds: duration('tenant'),
    },
    {
      number: '3.–4.',
      title: 'New registration',
      fact: `“${registration.name}”, Web ${registration.redirectUri}, ${registration.signInAudience}`,
      milliseconds: duration('application'),
    },
    {
      number: '5.',
      title: 'Application id, service principal',
      fact: registration.clientId ?? '',
      milliseconds: duration('service_principal'),
    },
    {
      number: '6.–8.',
      title: 'API permissions, Dynamics CRM',
      // What the API offered in this tenant, not what was expected of it.
      fact: registration.steps.find((step) => step.name === 'permissions')?.detail ?? '',
      milliseconds: duration('resource', 'permissions'),
    },
    {
      number: '9.',
      title: 'Admin consent granted',
      fact: registration.adminConsentGranted ? `for everybody in ${registration.tenantName ?? ''}` : 'no',
      milliseconds: duration('consent'),
    },
    {
      number: '',
      title: 'Client secret',
      fact: `${secret?.hint ?? ''}…, ends ${secret?.endsAt?.slice(0, 'yyyy-mm-dd'.length) ?? 'never'}`,
      milliseconds: duration('client_secret', 'proof'),
    },
  ];
}

/** Steps 10 to 12. */
async function signIn(setup: FirstConnectionSetup, registration: Registration): Promise<Connection> {
  const { hub, user, environmentUrl, tell } = setup;
  const { items } = await hub.connections.list();
  const startedAt = performance.now();
  const connection =
    items.find((item) => item.registrationId === registration.id) ??
    (await hub.connections.create({ method: 'sign_in', environmentUrl, registrationId: registration.id }));
  const link = await hub.connections.signIn(connection.id);
  // The hub trades the code for tokens, and proves them, while it answers at the redirect URI.
  let exchangeMilliseconds = 0;
  const browser = createPageBrowser((url, milliseconds) => {
    if (`${url.origin}${url.pathname}` === registration.redirectUri) exchangeMilliseconds = milliseconds;
  });
  const end = await signInOnPages(browser, { link: link.url, ...user });
  const signInMilliseconds = performance.now() - startedAt - exchangeMilliseconds;
  const signedIn = await hub.connections.get(connection.id);
  if (!signedIn.user) {
    throw new Error(
      `The sign-in ended at ${end.url.origin}${end.url.pathname} without a token: ${signedIn.status.reason} ${signedIn.status.remedy}`,
    );
  }
  tell({
    number: '10.',
    title: 'Authorize: sign-in and code',
    fact: `${signedIn.user}, code taken at ${registration.redirectUri}`,
    milliseconds: signInMilliseconds,
  });
  const facts = await hub.connections.tokenFacts(connection.id);
  tell({
    number: '11.–12.',
    title: 'Access and refresh token',
    fact: `for ${facts.audience ?? ''} (${facts.scopes.join(' ')}), ends ${facts.expiresAt ?? ''}${
      signedIn.hasRefreshToken ? ', refreshed by itself' : ''
    }`,
    milliseconds: exchangeMilliseconds,
  });
  return signedIn;
}

/** Steps 13 to 16: the saved connection is proven, by WhoAmI and by a read through the proxy. */
async function prove({ hub, tell }: FirstConnectionSetup, connection: Connection): Promise<Connection> {
  let startedAt = performance.now();
  const test = await hub.connections.test(connection.id);
  const failed = test.steps.find((step) => step.failure)?.failure;
  if (failed) throw new Error(`${failed.title}: ${failed.detail} ${failed.remedy}`);
  const whoAmI = test.steps.find((step) => step.name === 'who_am_i');
  tell({
    number: '13.–16.',
    title: 'Connection saved and proven',
    fact: `“${connection.name}”, WhoAmI: ${whoAmI?.detail ?? ''}`,
    milliseconds: performance.now() - startedAt,
  });
  startedAt = performance.now();
  const response = await hub.connections.request(connection.id, 'GET', '/api/data/v9.2/accounts', {
    query: { $select: 'name', $top: '3' },
  });
  if (!response.ok) throw new Error(`Reading accounts through the hub answered ${response.status}.`);
  tell({
    number: '',
    title: 'Accounts read through the hub',
    fact: accountNames(await response.json()).join(', '),
    milliseconds: performance.now() - startedAt,
  });
  return hub.connections.get(connection.id);
}

function accountNames(answer: unknown): string[] {
  const rows: unknown =
    typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : [];
  if (!Array.isArray(rows)) return [];
  return rows.map((row: unknown) =>
    typeof row === 'object' && row !== null && 'name' in row ? String(row.name) : '',
  );
}
