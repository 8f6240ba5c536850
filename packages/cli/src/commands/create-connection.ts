import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { CreateConnection } from '@latchkey/client';
import { type Command, Option } from 'commander';
import { connectToHub, type HubAccessOptions } from '../hub-access.ts';
import { writeLine } from '../terminal/write-line.ts';
import { addHubOptions } from './hub-options.ts';

interface CreateOptions extends HubAccessOptions {
  method?: 'sign_in' | 'client_credentials';
  registration?: string;
  clientId?: string;
  certificate?: string;
  name?: string;
}

/** `latchkey connections create https://contoso.crm4.dynamics.com`, or a connection string on standard input */
export function addCreateConnectionCommand(connections: Command): void {
  addHubOptions(
    connections
      .command('create')
      .description('make a connection, and print the link to sign in by where it needs a person')
      .argument(
        '<address>',
        'the environment’s address or a connection string; "-" reads it from standard input, where a secret stays unseen',
      )
      .addOption(
        new Option(
          '--method <method>',
          'else as the connection string says; without one, a person signs in',
        ).choices(['sign_in', 'client_credentials']),
      )
      .option('--registration <id>', 'the registration of the hub that it uses')
      .option('--client-id <id>', 'the app that it uses, made elsewhere')
      .option(
        '--certificate <file>',
        'a PEM file with the app’s certificate and its private key, in place of a client secret',
      )
      .option('--name <name>', 'what it is called'),
  ).action(async (typed: string, options: CreateOptions) => {
    const hub = await connectToHub(options);
    const environmentUrl = (typed === '-' ? await readAll(process.stdin) : typed).trim();
    const { connectionString } = await hub.environmentAddress.parse(environmentUrl);
    const method = options.method ?? connectionString?.method ?? 'sign_in';
    const input: CreateConnection = {
      method,
      environmentUrl,
      ...(options.registration !== undefined && { registrationId: options.registration }),
      ...(options.clientId !== undefined && { clientId: options.clientId }),
      ...(options.certificate !== undefined && {
        clientCertificate: await readFile(options.certificate, 'utf8'),
      }),
      ...(options.name !== undefined && { name: options.name }),
    };
    const { id, status } = await hub.connections.create(input);
    writeLine(`${id}  ${status.state}`);
    for (const remark of connectionString?.remarks ?? []) process.stderr.write(`${remark}\n`);
    if (method === 'sign_in') writeLine((await hub.connections.signIn(id)).url);
    else if (status.state !== 'ready') process.stderr.write(`${status.reason} ${status.remedy}\n`);
  });
}
