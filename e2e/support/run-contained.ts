import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type RunningCommand, runCommand } from './run-command.ts';

/** Every Linux has this user; it owns nothing. */
const nobody = 65_534;

/** A program that runs as in a container. */
export interface ContainedCommand extends RunningCommand {
  /** Signals its first process, as a container engine does. */
  signalFirst(name: NodeJS.Signals): void;
}

/** Sets the scene as a container engine does, then hands over to the program as the first process. */
const scene = `
mount --make-rprivate /
mount --bind / "$1"
mount -o remount,bind,ro "$1"
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
mount --bind "$2" "$1$2"
if touch "$1/etc/latchkey" 2>/dev/null; then echo 'The root can be written to.' >&2; exit 99; fi
root=$1
shift 2
cd /
PATH=$PATH:/usr/sbin:/sbin
exec chroot --userspec=${nobody}:${nobody} "$root" "$@"
`;

/** Whether this machine lets this user do that: Linux, with unshare(1), as root. */
export function canContain(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program as the first process of a PID namespace, as nobody, where nothing can be written to but one folder.
 *
 * @param options.root an empty folder, where the file system is shown again
 * @param options.volume the folder that can be written to
 */
export function runContained(
  words: readonly string[],
  { root, volume, environment }: { root: string; volume: string; environment: Record<string, string> },
): ContainedCommand {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
  const command = runCommand('unshare', [...namespaces, 'sh', '-ec', scene, 'sh', root, volume, ...words], {
    environment,
  });
  return {
    ...command,
    signalFirst: (name) => {
      const { pid } = command;
      const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      process.kill(Number(first), name);
    },
  };
}
