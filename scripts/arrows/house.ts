// The plan of the house, as data: who may import whom. Paths are from the root of the checkout; a name without an
// ending is a folder, one that ends in `.ts` a file. `make-rules.ts` turns it into rules.

/** Which packages each package may import besides itself, by their names. */
export const packages: Record<string, readonly string[]> = {
  microsoft: [],
  api: [],
  client: ['api'],
  web: ['api', 'client', 'microsoft'],
  cloud: ['microsoft'],
  hub: ['api', 'microsoft'],
  // The commands speak to a hub over HTTP, as every program does.
  cli: ['client'],
};

/** Parts of a package that may import more than the package does. */
export const widerParts: Record<string, readonly string[]> = {
  // The one place that runs hub and cloud in one process.
  'packages/cli/src/start': ['client', 'cloud', 'hub', 'web'],
  // Commands that work on the database itself, whether a hub runs or not.
  'packages/cli/src/operate': ['client', 'hub'],
  // Programs as a user of the package writes them.
  'packages/cloud/examples': ['cloud'],
};

/** What stands outside the packages, and drives them all; no package may import it. */
export const outsiders: readonly string[] = ['bench', 'e2e', 'examples', 'scripts'];

/** What `scripts` imports by its path: it runs before packages have their names, which npm gives them. */
export const beforeInstalling = 'packages/cli/src/launcher';

/** Folders whose parts (folders and files directly in it) form no circle, type imports included. */
export const foldersWithoutCircles: readonly string[] = [
  'packages/microsoft/src',
  'packages/api/src',
  'packages/client/src',
  'packages/web/src',
  'packages/cli/src',
  'packages/cloud/src',
  'packages/cloud/src/dataverse',
  'packages/cloud/src/entra',
  'packages/cloud/src/admin',
  'packages/cloud/src/graph',
  'packages/cloud/src/portal',
  'packages/hub/src',
];

/** A folder whose parts lie on floors: each part imports itself and what lies on floors below its own. */
export interface Floors {
  folder: string;
  /** From the top floor down; parts on one floor don't import each other. */
  floors: readonly (readonly string[])[];
  /** Parts that tests on every floor may import, to set things up; besides these, what is in a `testing/`. */
  doorsOfTests: readonly string[];
}

export const flooredFolders: readonly Floors[] = [
  {
    folder: 'packages/hub/src',
    floors: [
      ['index.ts'],
      ['server'],
      // What operators do, whether a hub runs or not.
      ['key-rotation', 'backup', 'doctor'],
      ['registrations', 'connections', 'application-users', 'proxy', 'keeper'],
      ['sign-ins', 'tokens'],
      ['providers', 'evidence', 'token-endpoint', 'access'],
      ['due-work', 'events'],
      ['http'],
      ['hub-context.ts'],
      ['workload-identity'],
      // The vault keeps its canaries in the store.
      ['vault', 'outbound', 'telemetry'],
      ['store'],
      ['ground', 'errors', 'config'],
    ],
    doorsOfTests: [],
  },
  {
    folder: 'packages/cloud/src',
    floors: [
      ['index.ts', 'playwright'],
      ['start-local-cloud.ts'],
      ['listeners'],
      ['create-cloud-context.ts'],
      ['portal'],
      ['seed'],
      ['graph', 'entra', 'dataverse', 'admin'],
      ['faults', 'sign-in-log'],
      ['web', 'odata', 'jwt'],
      ['environment-origins.ts'],
      ['cloud-context.ts'],
      ['directory'],
      ['service-origins.ts', 'microsoft-origins.ts'],
      ['clock.ts', 'random.ts'],
      ['ground'],
    ],
    doorsOfTests: ['start-local-cloud.ts', 'seed'],
  },
  {
    folder: 'packages/cloud/src/entra',
    floors: [
      ['register-entra.ts'],
      ['authorize', 'admin-consent', 'device-code', 'sign-out', 'discovery', 'answer-errors.ts'],
      ['token'],
      ['sign-in', 'consent', 'redirects'],
      ['visit'],
      ['pages'],
      ['clients'],
      ['claims', 'accounts', 'federation', 'http'],
      ['stored'],
      ['resources'],
      ['entra-context.ts'],
      ['tenants'],
      ['errors'],
    ],
    doorsOfTests: [],
  },
  {
    folder: 'packages/cloud/src/graph',
    floors: [
      ['register-graph.ts'],
      ['batch'],
      ['http'],
      ['deleted-items'],
      ['applications', 'consent', 'groups', 'people'],
      ['service-principals'],
      ['assignments', 'credentials', 'memberships', 'owners'],
      ['links'],
      ['query'],
      ['resources'],
      ['application-parts'],
      ['operation'],
      ['access'],
      ['errors'],
    ],
    doorsOfTests: [],
  },
  {
    folder: 'packages/cloud/src/dataverse',
    floors: [
      ['register-dataverse.ts'],
      ['open-dataverse.ts', 'discovery'],
      ['http', 'samples'],
      ['operations'],
      ['users', 'render'],
      ['records', 'query'],
      ['call'],
      ['storage'],
      ['tables'],
      ['errors'],
    ],
    doorsOfTests: [],
  },
  {
    folder: 'packages/cloud/src/admin',
    floors: [
      ['register-admin.ts'],
      ['resource-manager', 'directory-pages', 'power-platform'],
      ['access'],
      ['errors'],
    ],
    doorsOfTests: [],
  },
  {
    folder: 'packages/cloud/src/portal',
    floors: [
      ['register-portal.ts'],
      ['sign-in', 'credentials', 'exposed', 'permissions'],
      [
        'applications',
        'clock',
        'consent-requests',
        'directories',
        'faults',
        'home',
        'keys',
        'policies',
        'sign-ins',
        'users',
      ],
      ['http'],
      ['graph'],
      ['visit'],
      ['pages'],
      ['session'],
    ],
    doorsOfTests: [],
  },
];
