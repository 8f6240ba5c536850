import { setFlagsFromString } from 'node:v8';

/**
 * Gives V8 its own factor back, which the launcher has held back for the start: under load a larger young generation
 * is worth its memory.
 */
export function releaseYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
