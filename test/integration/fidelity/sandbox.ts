import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directory `records/` as it is seen inside. */
const RECORDS = '/opt/sandbox/records';
const SANDBOX = fileURLToPath(new URL('sandbox.sh', import.meta.url));
/** A user is root in a namespace of users. */
const AS_ROOT = process.getuid?.() === 0 ? [] : ['--map-root-user'];
const FLAGS = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', ...AS_ROOT];

/** A process that a script started, as the kernel has it. */
export interface Started {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface SandboxOptions {
  /** Text by path; scripts can be run. */
  readonly files: ReadonlyMap<string, string>;
  /** Where lotus-worker is. */
  readonly worker: string;
  /** Bash of what the worker does after it has left its record; it ends by default. */
  readonly workerDoes?: string;
  readonly commands: readonly string[];
  /** What `hostname -I` prints. */
  readonly addresses: string;
  /** What lspci prints. */
  readonly lspci?: string;
}

export interface SandboxResult {
  /** Every lotus-worker that was started, by its arguments. */
  readonly workers: ReadonlyMap<string, Started>;
  /** CPU list of each taskset, by the worker repository that it was for. */
  readonly tasksets: ReadonlyMap<string, string>;
  /** Arguments of each sleep. */
  readonly sleeps: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** The scripts in a mount and process namespace of their own, with a lotus-worker that records how it was called. */
export const runInSandbox = (options: SandboxOptions): SandboxResult => {
  const base = mkdtempSync(join(tmpdir(), 'fcops-fidelity-'));
  try {
    mkdirSync(join(base, 'records'));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      chmodSync(path, 0o755);
    };
    for (const [path, text] of options.files) write(join(base, 'root', path), text);
    write(join(base, 'root', options.worker), fakeWorker(options.workerDoes ?? 'exit 0'));
    for (const [name, text] of Object.entries(standIns(options))) {
      write(join(base, 'bin', name), `#!/bin/bash\n${text}\n`);
    }
    // Background processes have left their record once there are no more processes than at the start.
    const count = 'processes() { set -- /proc/[0-9]*; echo $#; }; at_start=$(processes)';
    const settle = 'for _ in {1..200}; do [[ $(processes) -gt $at_start ]] || break; /bin/sleep 0.05; done';
    write(join(base, 'commands'), [count, ...options.commands, options.workerDoes ? '' : settle].join('\n'));
    const run = spawnSync('unshare', [...FLAGS, 'bash', SANDBOX, base], {
      encoding: 'utf8',
      timeout: 25_000,
    });
    return {
      ...recordsOf(join(base, 'records')),
      stdout: run.stdout,
      stderr: run.stderr,
      status: run.status,
    };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
};

const fakeWorker = (does: string): string =>
  `#!/bin/bash
record=$(mktemp -d ${RECORDS}/.new.XXXXXX)
cat /proc/$$/cmdline >"$record/argv"
cat /proc/$$/environ >"$record/environ"
mv "$record" "${RECORDS}/worker.$$"
${does}
`;

const standIns = ({ addresses, lspci = '' }: SandboxOptions): Record<string, string> => ({
  hostname: `echo '${addresses}'`,
  lspci: `cat <<'END'\n${lspci}\nEND`,
  // Short, but for the look at a worker that was just started.
  sleep: `echo "$*" >>${RECORDS}/sleeps; [[ $1 != 2 ]] || exec /bin/sleep 1; exec /bin/sleep 0.02`,
  // The CPUs of the layout are not those of the machine that runs the test.
  taskset: `printf '%s\\n' "$@" >${RECORDS}/taskset.$$; shift 2; exec "$@"`,
  // mawk has no strtonum.
  awk: `case $1 in
  *strtonum*) grep 'VGA.*Corporation' | while read -r address _; do echo $((16#\${address%%:*})); done ;;
  *) exec /usr/bin/awk "$@" ;;
esac`,
});

const recordsOf = (directory: string): Pick<SandboxResult, 'workers' | 'tasksets' | 'sleeps'> => {
  const workers = new Map<string, Started>();
  const tasksets = new Map<string, string>();
  let sleeps: string[] = [];
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (name === 'sleeps') sleeps = readFileSync(path, 'utf8').trim().split('\n');
    else if (name.startsWith('taskset.')) {
      const argv = readFileSync(path, 'utf8').trim().split('\n');
      tasksets.set(argv[argv.indexOf('--worker-repo') + 1] ?? '', argv[1] ?? '');
    } else if (name.startsWith('worker.')) {
      // The first is the interpreter of the stand-in.
      const argv = wordsOf(join(path, 'argv')).slice(1);
      const environment = Object.fromEntries(
        wordsOf(join(path, 'environ')).map((word) => [
          word.slice(0, word.indexOf('=')),
          word.slice(word.indexOf('=') + 1),
        ]),
      );
      workers.set(argv.join(' '), { argv, environment });
    }
  }
  return { workers, tasksets, sleeps };
};

const wordsOf = (file: string): string[] => readFileSync(file, 'utf8').split('\0').slice(0, -1);
