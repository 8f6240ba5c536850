import { type MeasuredServer, startServer } from './start-server.ts';

export type StartServer = <Facts>(name: string, settings?: Record<string, string>) => Promise<Facts>;

/** Runs a measurement and ends the servers that it started, whatever happens. */
export async function withServers<Result>(measure: (start: StartServer) => Promise<Result>): Promise<Result> {
  const started: MeasuredServer<unknown>[] = [];
  try {
    return await measure(async <Facts>(name: string, settings?: Record<string, string>) => {
      const server = await startServer<Facts>(name, settings);
      started.push(server);
      return server.facts;
    });
  } finally {
    for (const server of started.toReversed()) await server.close();
  }
}
