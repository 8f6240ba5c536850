import { createRequire } from 'node:module';
import path from 'node:path';

/** The launchers run on this Node and later. */
export const oldestNodeMajor = 20;

/** The product runs on this Node and later: built-in SQLite, TypeScript without a build. */
const productNodeMajor = 24;

/**
 * What the decision hangs on.
 *
 * @typedef {object} Machine
 * @property {string} version of the Node that runs this, such as `v20.19.0`
 * @property {string} executable its path
 * @property {string} platform `linux`, `darwin`, `win32`, …
 * @property {string} arch `x64`, `arm64`, …
 * @property {() => boolean} hasMusl whether the C library is musl, as on Alpine, instead of glibc
 * @property {(name: string) => string | null} locatePackage the folder of an installed npm package
 */

/**
 * Which Node runs the product: this one where it is new enough, else the one that npm brought.
 *
 * @param {Machine} machine
 * @returns {{ node: string } | { problem: string }} its path, or a sentence with the next step
 */
export function findNode({ version, executable, platform, arch, hasMusl, locatePackage }) {
  if (isProductNode(version)) return { node: executable };
  const start = `Latchkey runs on Node ${productNodeMajor}; this is ${version}`;
  if (platform !== 'linux') {
    return {
      problem: `${start} on ${platform}. npm brings Node ${productNodeMajor} along on Linux only: install it from https://nodejs.org and start again.`,
    };
  }
  if (hasMusl()) {
    return {
      problem: `${start} on musl, and the Node ${productNodeMajor} that npm brings along needs glibc. Install one made for musl (Alpine 3.23 or later: apk add nodejs npm; containers: the image node:24-alpine) and start again.`,
    };
  }
  const name = `node-linux-${arch}`;
  const folder = locatePackage(name);
  if (folder !== null) return { node: path.join(folder, 'bin', 'node') };
  return {
    problem: `${start}, and the npm package ${name} is not installed. Install it by npm ci without omitting optional packages, or install Node ${productNodeMajor} from https://nodejs.org, and start again.`,
  };
}

/** @param {string} version such as `v24.1.0` */
export function isProductNode(version) {
  return majorOf(version) >= productNodeMajor;
}

/** @param {string} version such as `v24.1.0` */
export function majorOf(version) {
  return Number(version.replace(/^v/, '').split('.')[0]);
}

/** @returns {Machine} */
export function thisMachine() {
  const { version, execPath: executable, platform, arch } = process;
  return { version, executable, platform, arch, hasMusl: runsOnMusl, locatePackage: findPackage };
}

/** A Node that was linked with glibc names it in its reports; one for musl does not. */
function runsOnMusl() {
  const report = process.report.getReport();
  const header = 'header' in report ? report.header : undefined;
  return typeof header === 'object' && header !== null && !('glibcVersionRuntime' in header);
}

function findPackage(name) {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}
