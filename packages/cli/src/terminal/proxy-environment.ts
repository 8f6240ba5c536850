/** Variables for one kind of client, so that it meets the local cloud by Microsoft's own host names. */
export interface EnvironmentLines {
  /** Who reads them. */
  reader: string;
  lines: string[];
}

/** What reaches this machine's own ports goes straight there. */
const directHosts = 'localhost,127.0.0.1,::1';

/**
 * The shell lines that lead Node, Python, curl and .NET through the CONNECT proxy and let them trust its authority.
 *
 * @param authorityFile the PEM file of the local authority
 */
export function proxyEnvironment(proxy: string, authorityFile: string): EnvironmentLines[] {
  const setting = (name: string, value: string) => `export ${name}=${quote(value)}`;
  return [
    { reader: 'all', lines: [setting('HTTPS_PROXY', proxy), setting('NO_PROXY', directHosts)] },
    {
      reader: 'Node 24',
      lines: [setting('NODE_EXTRA_CA_CERTS', authorityFile), setting('NODE_USE_ENV_PROXY', '1')],
    },
    { reader: 'Python (requests)', lines: [setting('REQUESTS_CA_BUNDLE', authorityFile)] },
    { reader: 'Python (httpx, ssl), .NET', lines: [setting('SSL_CERT_FILE', authorityFile)] },
    { reader: 'curl', lines: [setting('CURL_CA_BUNDLE', authorityFile)] },
  ];
}

/** For a shell to read: `eval "$(latchkey cloud env)"`. */
export function formatEnvironment(environment: readonly EnvironmentLines[], indent = ''): string {
  return environment
    .flatMap(({ reader, lines }) => [`# ${reader}`, ...lines])
    .map((line) => `${indent}${line}\n`)
    .join('');
}

/** In single quotes a POSIX shell takes every character as it is but the quote itself. */
function quote(value: string): string {
  return /^[\w./:,@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
