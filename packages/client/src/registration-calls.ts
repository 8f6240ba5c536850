import type {
  CreateRegistration,
  EventPageRequest,
  Page,
  PageRequest,
  Registration,
  RegistrationCredential,
  RegistrationUsage,
  UpdateRegistration,
} from '@latchkey/api';
import type { CallOptions, HubTransport } from './hub-transport.ts';
import { readTimeline } from './read-timeline.ts';

const registrationsPath = '/api/v1/registrations';

/** How an administrator signs in for something that a ready registration needs. */
export interface AdministratorTaskBody {
  administratorSignIn: 'browser' | 'device_code';
}

/** What whoever ends a registration agrees to. */
export interface EndRegistration {
  /** Connections that sign in with it may stop. */
  force?: boolean;
  /** `leave`: what the hub has made for them in environments stays there. */
  applicationUsers?: 'leave';
}

function queryOfEnd({ force = false, applicationUsers }: EndRegistration): Record<string, string> {
  return { ...(force && { force: 'true' }), ...(applicationUsers && { applicationUsers }) };
}

function pathOf(id: string, rest = ''): string {
  return `${registrationsPath}/${encodeURIComponent(id)}${rest}`;
}

/** Calls about app registrations. Each throws HubProblemError or HubUnreachableError. */
export function registrationCalls(transport: HubTransport) {
  return {
    list: (page: PageRequest = {}, options: CallOptions = {}) =>
      transport.json<Page<Registration>>({
        method: 'GET',
        path: registrationsPath,
        query: { ...page },
        ...options,
      }),

    get: (id: string, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'GET', path: pathOf(id), ...options }),

    /** Nothing is created in Entra ID until an administrator has signed in by the answer's `signIn`. */
    create: (body: CreateRegistration, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'POST', path: registrationsPath, body, ...options }),

    /**
     * Changes the name, the client secret or certificate, or the rotation. A new credential is taken only once Microsoft has
     * issued a token for it; all connections stay.
     */
    update: (id: string, body: UpdateRegistration, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'PATCH', path: pathOf(id), body, ...options }),

    /** The public part of its certificate, as PEM, for people who upload it by hand. */
    certificate: (id: string, options: CallOptions = {}) =>
      transport.text({ method: 'GET', path: pathOf(id, '/certificate'), ...options }),

    /** What happened to it, the newest first. */
    events: (id: string, page: EventPageRequest = {}, options: CallOptions = {}) =>
      readTimeline(transport, pathOf(id, '/events'), page, options),

    /** Tries the client secret, and holds the application against what the registration needs. */
    check: (id: string, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'POST', path: pathOf(id, '/check'), ...options }),

    /**
     * Begins to replace the client secret: a new one is made, proven, and used by all connections; the old one goes later.
     * It may be of another kind: a certificate or the hub’s own identity in the place of a secret, or back. Where the application may not change itself, an administrator signs in by the answer's `signIn`.
     */
    rotate: (
      id: string,
      body: Partial<AdministratorTaskBody> & { credential?: RegistrationCredential } = {},
      options: CallOptions = {},
    ) => transport.json<Registration>({ method: 'POST', path: pathOf(id, '/rotate'), body, ...options }),

    /** Lets the application change its own secrets, once an administrator has signed in by the answer's `signIn`. */
    setUpAutomaticRotation: (id: string, body: AdministratorTaskBody, options: CallOptions = {}) =>
      transport.json<Registration>({
        method: 'POST',
        path: pathOf(id, '/automatic-rotation'),
        body,
        ...options,
      }),

    /** Puts back redirect URI, permission and consent, once an administrator has signed in by the answer's `signIn`. */
    repair: (id: string, body: AdministratorTaskBody, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'POST', path: pathOf(id, '/repair'), body, ...options }),

    /** Gives the application in Entra ID the registration’s name, once an administrator has signed in by the answer's `signIn`. */
    rename: (id: string, body: AdministratorTaskBody, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'POST', path: pathOf(id, '/rename'), body, ...options }),

    /** Removes from Entra ID what it no longer uses, once an administrator has signed in by the answer's `signIn`. */
    cleanUp: (id: string, body: AdministratorTaskBody, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'POST', path: pathOf(id, '/clean-up'), body, ...options }),

    /** Which connections would stop without it, and what the hub has made for them in environments. */
    usage: (id: string, options: CallOptions = {}) =>
      transport.json<RegistrationUsage>({ method: 'GET', path: pathOf(id, '/usage'), ...options }),

    /** Deletes it from the hub; what is in Entra ID stays. */
    delete: (id: string, end: EndRegistration = {}, options: CallOptions = {}) =>
      transport.empty({ method: 'DELETE', path: pathOf(id), query: queryOfEnd(end), ...options }),

    /** A fresh administrator sign-in, by the same way as before unless another is named. */
    signIn: (
      id: string,
      body: { administratorSignIn?: 'browser' | 'device_code' } = {},
      options: CallOptions = {},
    ) => transport.json<Registration>({ method: 'POST', path: pathOf(id, '/sign-in'), body, ...options }),

    /** Goes on from the failed step; back to `awaiting_sign_in` when the administrator's token has ended. */
    retry: (id: string, options: CallOptions = {}) =>
      transport.json<Registration>({ method: 'POST', path: pathOf(id, '/retry'), ...options }),

    /** Deletes what was created in Entra ID. Application users are to be undone before, by `applicationUsers.undo`. */
    undo: (id: string, end: EndRegistration = {}, options: CallOptions = {}) =>
      transport.json<Registration>({
        method: 'POST',
        path: pathOf(id, '/undo'),
        query: queryOfEnd(end),
        ...options,
      }),
  };
}
