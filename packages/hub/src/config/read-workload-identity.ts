import { ConfigError } from './config-error.ts';

/** Where the platform that the hub runs on gives it a token of its own. */
export type WorkloadIdentityConfig =
  /** A file that the platform keeps fresh, as Azure's workload identity does in Kubernetes. */
  | { kind: 'file'; file: string }
  /** GitHub Actions' OpenID provider; the token is a secret of the job. */
  | { kind: 'github'; requestUrl: string; requestToken: string }
  /** A managed identity: App Service's endpoint with its header (a secret), or that of Azure's virtual machines. */
  | { kind: 'azure'; endpoint: string; header: string | null; clientId: string | null };

const variable = 'LATCHKEY_WORKLOAD_IDENTITY';
/** Azure's Instance Metadata Service, the same on every virtual machine. */
const instanceMetadata = 'http://169.254.169.254/metadata/identity/oauth2/token';

/**
 * Reads which identity of its platform the hub is to use, and by the platform's own variables where it is.
 *
 * @param read gives a variable's text, null where it is not set
 * @returns null for none
 * @throws ConfigError for a kind that is none, or whose variables are not there; no message repeats a value
 */
export function readWorkloadIdentity(
  read: (variable: string) => string | null,
): WorkloadIdentityConfig | null {
  const kind = read(variable);
  switch (kind) {
    case null:
      return null;
    case 'file':
      return { kind, file: require(read, 'AZURE_FEDERATED_TOKEN_FILE') };
    case 'github':
      return {
        kind,
        requestUrl: requireAddress(read, 'ACTIONS_ID_TOKEN_REQUEST_URL'),
        requestToken: require(read, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'),
      };
    case 'azure': {
      const isAppService = read('IDENTITY_ENDPOINT') !== null;
      return {
        kind,
        endpoint: isAppService ? requireAddress(read, 'IDENTITY_ENDPOINT') : instanceMetadata,
        header: isAppService ? require(read, 'IDENTITY_HEADER') : null,
        clientId: read('AZURE_CLIENT_ID'),
      };
    }
    default:
      throw new ConfigError(variable, {
        problem: 'names no kind of identity',
        remedy: 'Write one of file, github, azure; or leave it out.',
      });
  }
}

type Read = (variable: string) => string | null;

function require(read: Read, name: string): string {
  const text = read(name);
  if (text !== null) return text;
  throw new ConfigError(name, {
    problem: `is not set, which ${variable} goes by`,
    remedy: `Run the hub where the platform sets it, or leave ${variable} out.`,
  });
}

function requireAddress(read: Read, name: string): string {
  const text = require(read, name);
  const { protocol } = URL.parse(text) ?? {};
  if (protocol === 'https:' || protocol === 'http:') return text;
  throw new ConfigError(name, { problem: 'is no web address', remedy: 'Leave it as the platform sets it.' });
}
