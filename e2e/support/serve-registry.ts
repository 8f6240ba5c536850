import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '../..');
/** Package managers pass over what is younger than a day. */
const longAgo = '2020-01-01T00:00:00.000Z';
const nameInPath = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)$/;

/** A registry of npm packages on this machine. */
export interface Registry {
  url: string;
  /** What was asked for and is not there. */
  missing: ReadonlySet<string>;
  close(): Promise<void>;
}

interface Archive {
  file: string;
  manifest: { name: string; version: string };
  integrity: string;
}

/**
 * Serves what the checkout has installed, in every version that the lock file names, and further packages, by the part of
 * npm's registry API that installing takes (https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md).
 *
 * @param further folders of packages that a registry would have been given
 */
export async function serveRegistry(further: readonly string[]): Promise<Registry> {
  const folders = await listFolders(further);
  const archives = await mkdtemp(path.join(tmpdir(), 'latchkey-registry-'));
  const made = new Map<string, Promise<Archive>>();
  const missing = new Set<string>();
  const archive = (folder: string) => {
    const known = made.get(folder) ?? makeArchive(folder, path.join(archives, `${made.size}.tgz`));
    made.set(folder, known);
    return known;
  };
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [, encoded = '', number] = /^\/(.+?)(?:\/-\/(\d+)\.tgz)?$/.exec(request.url ?? '') ?? [];
    const name = decodeURIComponent(encoded);
    const versions = await Promise.all((folders.get(name) ?? []).map(archive));
    if (versions.length === 0) {
      missing.add(name);
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    } else if (number === undefined) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(presentPackage(`${url}${name}`, versions)));
    } else {
      const { file = '' } = versions[Number(number)] ?? {};
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(await readFile(file));
    }
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  return {
    url,
    missing,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(archives, { recursive: true });
    },
  };
}

/** By name, the folders of its versions. */
async function listFolders(further: readonly string[]): Promise<Map<string, string[]>> {
  const { packages }: { packages: Record<string, { link?: boolean }> } = JSON.parse(
    await readFile(path.join(root, 'node_modules/.package-lock.json'), 'utf8'),
  );
  const folders = new Map<string, string[]>();
  const add = (name: string, folder: string) => folders.set(name, [...(folders.get(name) ?? []), folder]);
  for (const [place, { link }] of Object.entries(packages)) {
    const [, name] = nameInPath.exec(place) ?? [];
    if (name !== undefined && !link) add(name, path.join(root, place));
  }
  for (const folder of further) add((await readManifest(folder)).name, folder);
  return folders;
}

async function readManifest(folder: string): Promise<Archive['manifest']> {
  return JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
}

/** Whatever the folder is called, that one name is taken off by who unpacks it. */
async function makeArchive(folder: string, file: string): Promise<Archive> {
  const place = ['-C', path.dirname(folder), path.basename(folder)];
  await run('tar', ['-czf', file, '--exclude=node_modules', ...place]);
  const digest = createHash('sha512')
    .update(await readFile(file))
    .digest('base64');
  return { file, manifest: await readManifest(folder), integrity: `sha512-${digest}` };
}

function presentPackage(url: string, versions: readonly Archive[]): object {
  const entries = versions.map(({ manifest, integrity }, index) => [
    manifest.version,
    { ...manifest, dist: { tarball: `${url}/-/${index}.tgz`, integrity } },
  ]);
  const latest = versions.at(-1)?.manifest;
  return {
    name: latest?.name,
    'dist-tags': { latest: latest?.version },
    versions: Object.fromEntries(entries),
    time: Object.fromEntries([
      ['created', longAgo],
      ['modified', longAgo],
      ...versions.map(({ manifest }) => [manifest.version, longAgo]),
    ]),
  };
}
