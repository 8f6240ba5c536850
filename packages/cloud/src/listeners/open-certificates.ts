import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CertificatePair, pairIsUsable } from './certificate-pair.ts';
import { systemErrorCode } from './cloud-start-error.ts';

/** What the HTTPS listeners need, and the authority that clients must trust. */
export interface Certificates {
  server: CertificatePair;
  /** Signs the certificates of Microsoft's names, which the CONNECT proxy answers by. */
  authority: CertificatePair;
  /** Where it is kept; null when nothing is kept. */
  authorityFile: string | null;
}

/** Names under which every local cloud is reached. */
const localHosts = ['localhost', '127.0.0.1', '::1'];
const privateFileMode = 0o600;
const renewalMilliseconds = 30 * 24 * 60 * 60 * 1000;

let sharedInMemory: Promise<{ authority: CertificatePair; server: CertificatePair }> | undefined;

/**
 * Opens the certificates of a data folder (`ca.pem`, `ca-key.pem`, `localhost.pem`, `localhost-key.pem`; keys
 * readable by their owner alone), making what is missing, unreadable, too near its end or without a host.
 * Without a folder all local clouds of the process share one authority, so that a test starts at once.
 *
 * @param further names and addresses that clients use besides this machine's own
 * @param now epoch milliseconds of the machine's clock: TLS clients check against theirs, not the cloud's
 */
export async function openCertificates({
  folder,
  further,
  now,
}: {
  folder: string | null;
  further: readonly string[];
  now: number;
}): Promise<Certificates> {
  const hosts = [...localHosts, ...further];
  const until = now + renewalMilliseconds;
  if (folder === null) {
    sharedInMemory ??= makeBoth(now);
    const { authority, server: shared } = await sharedInMemory;
    const server = pairIsUsable(shared, { hosts, until })
      ? shared
      : await (await loadMaker()).makeServerCertificate(authority, hosts, now);
    return { server, authority, authorityFile: null };
  }
  const authority = await openPair(folder, 'ca', {
    usable: (pair) => pairIsUsable(pair, { hosts: [], until }),
    make: async () => (await loadMaker()).makeAuthority(now),
  });
  const server = await openPair(folder, 'localhost', {
    usable: (pair) => pairIsUsable(pair, { authority, hosts, until }),
    make: async () => (await loadMaker()).makeServerCertificate(authority, hosts, now),
  });
  return { server, authority, authorityFile: path.join(folder, 'ca.pem') };
}

/** Making certificates takes a large library, which a start with certificates on disk does without. */
function loadMaker() {
  return import('./make-certificates.ts');
}

async function makeBoth(now: number) {
  const { makeAuthority, makeServerCertificate } = await loadMaker();
  const authority = await makeAuthority(now);
  return { authority, server: await makeServerCertificate(authority, localHosts, now) };
}

async function openPair(
  folder: string,
  name: string,
  { usable, make }: { usable: (pair: CertificatePair) => boolean; make: () => Promise<CertificatePair> },
): Promise<CertificatePair> {
  const files = { certificate: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}-key.pem`) };
  const [certificate, privateKey] = await Promise.all([readOrNull(files.certificate), readOrNull(files.key)]);
  const stored = certificate !== null && privateKey !== null ? { certificate, privateKey } : null;
  if (stored && usable(stored)) return stored;
  const made = await make();
  await replaceFile(files.key, made.privateKey);
  await replaceFile(files.certificate, made.certificate);
  return made;
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** By renaming, so that a killed process leaves the old file or the new one, never half of it. */
async function replaceFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, content, { mode: privateFileMode });
  await rename(draft, file);
}
