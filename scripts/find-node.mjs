import { existsSync } from 'node:fs';
import path from 'node:path';

/** The launcher itself runs on this Node and later. */
export const oldestNodeMajor = 20;

/** The product runs on this Node and later: built-in SQLite, TypeScript without a build. */
const productNodeMajor = 24;

/** @returns the path of a Node that runs the product: this one, or the one that npm brought; else null */
export function findNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= productNodeMajor) return process.execPath;
  const packaged = path.join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(packaged) ? packaged : null;
}
