// Compiles the packages that others install to JavaScript with types, each into `dist/packages/NAME`, from where
// `npm pack` and `npm publish` take them. Here in the checkout the sources run as they are.
import { spawnSync } from 'node:child_process';
import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const packageNames = ['microsoft', 'cloud', 'api', 'client'];
/** What the product runs on, and so the packages: built-in SQLite. */
const engines = { node: '>=24' };
/** Files beside the code, where a package has them. */
const companions = ['README.md', 'latchkey-seed.schema.json'];
/** Pages of `docs/` that a package's README refers to. */
const pages = { cloud: ['aadsts.md', 'testing.md'] };

const [outputFolder = path.join(root, 'dist', 'packages')] = process.argv.slice(2);
for (const name of packageNames) await buildPackage(name, path.join(path.resolve(outputFolder), name));

async function buildPackage(name, target) {
  const source = path.join(root, 'packages', name);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await compile(source, target);
  await copyData(path.join(source, 'src'), path.join(target, 'dist'));
  const manifest = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8'));
  await writeFile(
    path.join(target, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`,
  );
  await cp(path.join(root, 'LICENSE'), path.join(target, 'LICENSE'));
  for (const file of companions) await copyPage(path.join(source, file), path.join(target, file));
  for (const page of pages[name] ?? []) {
    await copyPage(path.join(root, 'docs', page), path.join(target, 'docs', page));
  }
  process.stdout.write(`${path.relative(root, target)}: ${manifest.name} ${manifest.version}\n`);
}

/** Type errors end the build; `npm run check` shows them in full. */
async function compile(source, target) {
  const config = path.join(target, 'tsconfig.json');
  const settings = {
    extends: path.join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: path.join(source, 'src'),
      outDir: path.join(target, 'dist'),
      typeRoots: [path.join(root, 'node_modules', '@types')],
    },
    include: [path.join(source, 'src')],
    exclude: [path.join(source, 'src/**/*.test.ts'), path.join(source, 'src/**/testing')],
  };
  await writeFile(config, JSON.stringify(settings));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  // The compiler writes its findings to stdout, which is for what was built.
  const { status } = spawnSync(process.execPath, [compiler, '-p', config], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  await rm(config);
}

/** Data that the code reads beside itself. */
async function copyData(source, target) {
  for await (const file of glob('**/*.tsv', { cwd: source })) {
    await cp(path.join(source, file), path.join(target, file));
  }
}

/** The workspace's manifest with the compiled files in place of the sources, and without what only we need. */
function publishedManifest({ private: _private, devDependencies: _development, exports, ...manifest }) {
  return {
    ...manifest,
    engines,
    exports: Object.fromEntries(
      Object.entries(exports).map(([entry, file]) => [entry, publishedEntry(file)]),
    ),
  };
}

function publishedEntry(file) {
  if (!file.endsWith('.ts')) return file;
  const compiled = file.replace('./src/', './dist/').replace(/\.ts$/, '');
  return { types: `${compiled}.d.ts`, default: `${compiled}.js` };
}

async function copyPage(from, to) {
  const content = await readFile(from, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (content === null) return;
  await mkdir(path.dirname(to), { recursive: true });
  // In the package, the pages of the checkout's `docs/` are its own.
  await writeFile(to, content.replaceAll('](../../docs/', '](docs/'));
}
