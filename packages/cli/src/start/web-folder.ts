import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built UI, or null where it was not built: the hub then serves its API alone and says so. */
export function webFolder(): string | null {
  const folder = path.join(
    path.dirname(fileURLToPath(import.meta.resolve('@latchkey/web/package.json'))),
    'dist',
  );
  return existsSync(path.join(folder, 'index.html')) ? folder : null;
}
