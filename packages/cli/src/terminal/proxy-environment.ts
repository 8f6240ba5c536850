/** Variables for one kind of client, so that it meets the local cloud by Microsoft's own host names. */
export interface EnvironmentVariables {
  /** Who reads them. */
  reader: string;
  variables: Readonly<Record<string, string>>;
}

/** Whose words variables are set in. */
export type Shell = 'posix' | 'powershell';

export const shells: readonly Shell[] = ['posix', 'powershell'];

/** The shell that people use on a system unless they say otherwise. */
export function shellOf(platform: NodeJS.Platform): Shell {
  return platform === 'win32' ? 'powershell' : 'posix';
}

/** What reaches this machine's own ports goes straight there. */
const directHosts = ['localhost', '127.0.0.1', '::1'];

/**
 * The variables that lead Node, Python, curl and .NET through the CONNECT proxy and let them trust its authority.
 *
 * @param authorityFile the PEM file of the local authority
 */
export function proxyEnvironment(proxy: string, authorityFile: string): EnvironmentVariables[] {
  // The local cloud's plain ports are not reached through its proxy, by whatever name it goes.
  const direct = new Set([...directHosts, new URL(proxy).hostname.replace(/^\[|\]$/g, '')]);
  return [
    { reader: 'all', variables: { HTTPS_PROXY: proxy, NO_PROXY: [...direct].join() } },
    { reader: 'Node 24', variables: { NODE_EXTRA_CA_CERTS: authorityFile, NODE_USE_ENV_PROXY: '1' } },
    { reader: 'Python (requests)', variables: { REQUESTS_CA_BUNDLE: authorityFile } },
    { reader: 'Python (httpx, ssl), .NET', variables: { SSL_CERT_FILE: authorityFile } },
    { reader: 'curl', variables: { CURL_CA_BUNDLE: authorityFile } },
  ];
}

/** For a shell to read: `eval "$(latchkey cloud env)"`, or `latchkey cloud env | Out-String | Invoke-Expression`. */
export function formatEnvironment(
  environment: readonly EnvironmentVariables[],
  { shell, indent = '' }: { shell: Shell; indent?: string },
): string {
  return environment
    .flatMap(({ reader, variables }) => [
      `# ${reader}`,
      ...Object.entries(variables).map(([name, value]) => assignments[shell](name, value)),
    ])
    .map((line) => `${indent}${line}\n`)
    .join('');
}

const assignments: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  posix: (name, value) => `export ${name}=${quotePosix(value)}`,
  // In single quotes PowerShell takes every character as it is, and two quotes for one.
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
};

/** In single quotes a POSIX shell takes every character as it is but the quote itself. */
function quotePosix(value: string): string {
  return /^[\w./:,@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
