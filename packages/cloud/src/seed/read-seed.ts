import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { SeedError } from './seed-error.ts';
import { type Seed, seedSchema } from './seed-schema.ts';

/**
 * Reads and checks a seed.
 *
 * @param source the seed itself, or the path of a YAML (or JSON) file
 * @throws SeedError when the file can't be read or says something that a seed doesn't have
 */
export async function readSeed(source: Seed | string): Promise<Seed> {
  if (typeof source !== 'string') return checkSeed(source, 'The seed');
  return checkSeed(parseYaml(await readText(source), source), `The seed file '${source}'`);
}

function checkSeed(value: unknown, what: string): Seed {
  const { success, data, error } = seedSchema.safeParse(value);
  if (!success) {
    const reasons = error.issues.map(({ path, message }) => `${path.join('.') || 'the top'}: ${message}`);
    throw new SeedError(`${what} can't be taken. ${reasons.join(' ')}`, { cause: error });
  }
  const hasEnvironment = data.tenants?.some(({ environments = [] }) => environments.length > 0);
  if (data.contoso === false && !hasEnvironment) {
    throw new SeedError(`${what} leaves Contoso out, so it needs a tenant with an environment.`);
  }
  return data;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SeedError(`The seed file '${file}' can't be read.`, { cause: error });
  }
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new SeedError(`The seed file '${file}' is no YAML: ${error.message}`, { cause: error });
  }
}
