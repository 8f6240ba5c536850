import { localCloudPorts } from '../config.ts';

/** Prints the state of the local cloud that runs on these ports, as a seed file. */
export async function printCloudSeed({ port }: { port: number }): Promise<void> {
  const url = `http://localhost:${localCloudPorts(port).entra}/_latchkey/seed`;
  const response = await fetch(url).catch((error: unknown) => {
    throw Object.assign(new Error(`No local cloud answers at ${url}.`, { cause: error }), {
      remedy: 'Start it by `latchkey cloud`, or name its ports by --port.',
    });
  });
  if (!response.ok) {
    throw new Error(`The program at ${url} is no local cloud with an admin API (status ${response.status}).`);
  }
  process.stdout.write(await response.text());
}
