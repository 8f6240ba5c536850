import path from 'node:path';
import { startLocalCloud } from '@latchkey/cloud';
import { localCloudPorts } from '../config.ts';
import { formatEnvironment, proxyEnvironment, shellOf } from '../terminal/proxy-environment.ts';
import { writeLine } from '../terminal/write-line.ts';
import { exposureLines } from './exposure-lines.ts';
import { furtherEnvironmentLines } from './further-environment-lines.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import { peopleLine } from './people-line.ts';

export interface CloudOptions {
  data: string;
  memory?: boolean;
  anyPorts?: boolean;
  /** Path of a seed file. */
  seed?: string;
  localGraphHost?: boolean;
  /** The port before Entra ID's. */
  port: number;
  /** An address to listen on instead of the loopback ones. */
  host?: string;
  /** The name by which clients elsewhere reach it. */
  publicHost?: string;
}

/**
 * Serves the local cloud alone.
 *
 * @param stopped resolves when it is to end
 */
export async function serveCloud(
  { data, memory, anyPorts, port, seed, localGraphHost, host, publicHost }: CloudOptions,
  stopped: Promise<void>,
): Promise<void> {
  const cloud = await startLocalCloud({
    ...(memory ? {} : { dataFolder: path.join(data, 'cloud') }),
    ...(anyPorts ? {} : { ports: localCloudPorts(port) }),
    adminApi: true,
    ...(seed === undefined ? {} : { seed }),
    ...(localGraphHost && { localGraphHost }),
    ...(host !== undefined && { host }),
    ...(publicHost !== undefined && { publicHost }),
  });
  for (const line of exposureLines({ host, publicHost })) writeLine(line);
  writeLine(`  Entra ID        ${cloud.entra.http}   ${cloud.entra.https}`);
  writeLine(`  Graph           ${cloud.graph.http}   ${cloud.graph.https}`);
  writeLine(`  Dynamics 365    ${cloud.crm.http}   ${cloud.crm.https}`);
  for (const line of furtherEnvironmentLines(cloud)) writeLine(line);
  writeLine(`  portal          ${cloud.portal.http}   ${cloud.portal.https}`);
  writeLine(`  admin APIs      ${cloud.admin.http}   ${cloud.admin.https}`);
  writeLine(peopleLine(cloud, seed !== undefined));
  writeLine(`  CONNECT proxy   ${cloud.proxy}`);
  if (cloud.caCertificateFile) {
    writeLine(`  its authority   ${cloud.caCertificateFile}`);
    writeLine();
    writeLine(
      'For programs with Microsoft’s own host names built in (`latchkey cloud env` prints just this):',
    );
    const environment = proxyEnvironment(cloud.proxy, path.resolve(cloud.caCertificateFile));
    process.stdout.write(formatEnvironment(environment, { shell: shellOf(process.platform), indent: '  ' }));
  }
  keepHeapSmall();
  await stopped;
  await cloud.close();
}
