import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { FcopsError } from '../../../src/core/problem.ts';
import { loginEnvironment } from '../../support/host-set.ts';
import { runOverSsh } from '../../support/ssh-client.ts';
import { BRIDGE } from './bridge.ts';

const boot = fileURLToPath(new URL('boot.sh', import.meta.url));
const BOOT_SECONDS = 180;
const CONSOLE_BYTES = 256 * 1024;

export interface MachineOptions {
  readonly name: string;
  readonly address: string;
  /** The Debian root, what lies over it, and an empty directory to mount on. */
  readonly root: string;
  readonly seed: string;
  readonly work: string;
  readonly privateKey: string;
  readonly raid0: number | undefined;
  readonly sparse: Readonly<Record<string, number>>;
}

/** One machine under systemd-nspawn. */
export interface Machine {
  /** Runs a bash script as root inside, without SSH. Gives its standard output; rejects where it fails. */
  sh(script: string): Promise<string>;
  /** Starts it anew and waits until it is up again. */
  reboot(): Promise<void>;
  /** What the console showed, the end of it. */
  console(): string;
}

interface RunningMachine extends Machine {
  /** Rejects with an FcopsError where it does not come up. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const childrenOf = async (pid: number): Promise<number[]> => {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
};

/** Process 1 of the machine that is run below process `pid`, as the outside sees it. */
const findLeader = async (pid: number): Promise<number | undefined> => {
  for (const nspawn of await childrenOf(pid)) {
    for (const child of await childrenOf(nspawn)) {
      const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
      if (/^NSpid:.*\s1$/m.test(status)) return child;
    }
  }
  return undefined;
};

/** Starts a machine; `ready` waits until it is up. */
export const startMachine = (options: MachineOptions): RunningMachine => {
  const { name, address, root, seed, work, privateKey, raid0, sparse } = options;
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child'],
      ...['bash', boot, name, root, seed, work, BRIDGE, `${raid0 ?? ''}`],
    ],
    {
      env: {
        PATH: process.env.PATH,
        FCOPS_SPARSE: Object.entries(sparse)
          .map(([path, bytes]) => `${bytes} ${path.replace(/^\/opt\/raid0\//, '')}`)
          .join('\n'),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  let shown = '';
  const show = (text: string) => {
    shown = (shown + text).slice(-CONSOLE_BYTES);
  };
  child.stdout?.setEncoding('utf8').on('data', show);
  child.stderr?.setEncoding('utf8').on('data', show);
  const starts = new EventEmitter();
  let parent = 0;
  const pids = child.stdio[3];
  if (!pids || !('read' in pids)) throw new Error('the fourth stream is a pipe to read');
  createInterface({ input: pids }).on('line', (line) => {
    parent = Number(line);
    starts.emit('start');
  });
  const closed = once(child, 'close').catch(() => {});

  const enter = async (script: string) => {
    const leader = await findLeader(parent);
    if (!leader) throw new Error(`${name} is not running`);
    const parameters = [
      '-t',
      `${leader}`,
      '-m',
      '-u',
      '-i',
      '-n',
      '-p',
      '-C',
      `--wd=/proc/${leader}/root/root`,
    ];
    const { stdout } = await execa('nsenter', [...parameters, '/bin/bash', '-c', script], {
      env: loginEnvironment('root'),
      extendEnv: false,
      stdin: 'ignore',
    });
    return stdout;
  };
  const isUp = async (): Promise<boolean> => {
    try {
      const state = await enter('systemctl is-system-running || true');
      if (!/^(running|degraded)$/.test(state)) return false;
      return (await runOverSsh({ address, port: 22, privateKey }, 'true')).status === 0;
    } catch {
      return false;
    }
  };
  const ready = async () => {
    const deadline = Date.now() + BOOT_SECONDS * 1000;
    while (!(await isUp())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new FcopsError({
          kind: 'check',
          what: child.exitCode === null ? `not up after ${BOOT_SECONDS} s` : 'ended while it was booting',
          where: { host: name },
          why: `the end of its console:\n${shown.slice(-4000)}`,
        });
      }
      await delay(150);
    }
  };
  return {
    sh: enter,
    ready,
    reboot: async () => {
      const again = once(starts, 'start');
      // The answer is lost where the host is quick.
      await enter('systemctl --no-block reboot').catch(() => {});
      await Promise.race([again, closed]);
      await ready();
    },
    console: () => shown,
    stop: async () => {
      // Process 1 of the namespace dies with its parent, and everything in it, before the pipes are closed.
      child.kill('SIGKILL');
      await closed;
      // The kernel takes a network away some time after its last process: the next one of that name would be refused.
      await execa('ip', ['link', 'delete', `vb-${name}`], { reject: false });
    },
  };
};
