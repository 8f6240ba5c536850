import { type CloudConfig, examineHub, type Finding, startSystemTimer, systemClock } from '@latchkey/hub';
import { defaultHubPort, environment, localCloudPorts } from '../config.ts';
import { dim, green, writeLine } from '../terminal/write-line.ts';

/** What the words after `latchkey doctor` say. */
export interface DoctorOptions {
  data: string;
  port?: number;
  json?: boolean;
  localCloud?: boolean;
}

/** Prints what was found; the exit code is 1 where something fails. */
export async function printExamination({ data, port, json, localCloud }: DoctorOptions): Promise<void> {
  const findings = await examineHub({
    environment,
    overrides: {
      dataFolder: data,
      ...(port !== undefined && { port }),
      ...(localCloud && { cloud: cloudOf(port) }),
    },
    clock: systemClock,
    startTimer: startSystemTimer,
  });
  if (findings.some(({ verdict }) => verdict === 'fail')) process.exitCode = 1;
  if (json) writeLine(JSON.stringify({ findings }, null, 2));
  else for (const finding of findings) printFinding(finding);
}

/** The local cloud of `latchkey start`, which takes the ports after the hub's. */
function cloudOf(port = defaultHubPort): CloudConfig {
  const ports = localCloudPorts(port);
  return {
    name: 'local',
    title: 'Local Microsoft cloud',
    authority: `http://localhost:${ports.entra}`,
    graph: `http://localhost:${ports.graph}`,
    localEnvironments: [ports.crm, ...ports.environments.map(({ http }) => http)].map(
      (local) => `http://localhost:${local}`,
    ),
  };
}

function printFinding({ name, verdict, detail, advice }: Finding): void {
  const marks = { ok: green('✓'), warn: '!', fail: '✗' };
  writeLine(`${marks[verdict]} ${name}: ${detail}`);
  if (advice !== null) writeLine(dim(`    ${advice}`));
}
