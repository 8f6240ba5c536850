import { type MeasuredServer, startServer } from './start-server.ts';

/** The servers of one measurement; they end with it. */
export interface Servers {
  /** Starts one of `servers/`. @returns what it said, and which process it is */
  start: <Facts>(name: string, settings?: Record<string, string>) => Promise<Facts & { pid: number }>;
  /** Takes a server that was started in another way. */
  keep: <Facts>(server: MeasuredServer<Facts>) => Facts & { pid: number };
}

/** Runs a measurement and ends the servers that it started, whatever happens. */
export async function withServers<Result>(measure: (servers: Servers) => Promise<Result>): Promise<Result> {
  const started: MeasuredServer<unknown>[] = [];
  const servers: Servers = {
    start: async (name, settings) => servers.keep(await startServer(name, settings)),
    keep: (server) => {
      started.push(server);
      return server.facts;
    },
  };
  try {
    return await measure(servers);
  } finally {
    for (const server of started.toReversed()) await server.close();
  }
}
