// Writes docs/errors.md from the tables of codes. A test says when the page is behind.
import { writeFile } from 'node:fs/promises';
import { renderErrorsPage } from '../packages/hub/src/errors/testing/render-errors-page.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), renderErrorsPage());
