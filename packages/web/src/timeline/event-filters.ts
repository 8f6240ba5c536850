import type { EventKind } from '@latchkey/client';
import type { TimelineSubject } from './timeline-query.ts';

/** Events that belong together, of which alone somebody may want to hear. */
export interface EventFilter {
  title: string;
  kinds: readonly EventKind[];
}

const failures: EventFilter = {
  title: 'Failures and states',
  kinds: [
    'state_changed',
    'sign_in_failed',
    'proof_failed',
    'refresh_failed',
    'identity_changed',
    'secret_refused',
    'rotation_failed',
    'secret_end_warning',
  ],
};

const changes: EventFilter = {
  title: 'Changes by people',
  kinds: [
    'created',
    'changed',
    'disabled',
    'enabled',
    'deleted',
    'identity_confirmed',
    'application_user_made',
    'application_user_removed',
    'repaired',
    'redirect_uri_added',
    'automatic_rotation_set_up',
  ],
};

/** What can be chosen for each timeline, besides everything. */
export const eventFilters: Readonly<Record<TimelineSubject['kind'], readonly EventFilter[]>> = {
  connections: [
    failures,
    {
      title: 'Sign-ins and tokens',
      kinds: ['signed_in', 'sign_in_failed', 'tokens_entered', 'refreshed', 'refresh_failed', 'proven'],
    },
    changes,
  ],
  registrations: [
    failures,
    {
      title: 'Secrets',
      kinds: [
        'secret_changed',
        'secret_end_warning',
        'secret_refused',
        'secret_accepted',
        'secret_rotated',
        'rotation_failed',
        'old_secret_removed',
        'old_secret_left',
      ],
    },
    changes,
  ],
  hub: [
    { title: 'Sign-in service and clocks', kinds: ['authority_away', 'authority_back', 'clock_differs'] },
    { title: 'Processes', kinds: ['process_started', 'process_stopped', 'process_silent'] },
    { title: 'Keys and backups', kinds: ['keys_rotated', 'backup_taken', 'backup_restored'] },
  ],
};
