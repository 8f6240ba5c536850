// Writes docs/aadsts.md from the tests that meet each code. A test says when the page is behind.
import { writeFile } from 'node:fs/promises';
import { renderCodesPage } from '../packages/cloud/src/entra/testing/provocations/render-codes-page.ts';

await writeFile(new URL('../docs/aadsts.md', import.meta.url), renderCodesPage());
