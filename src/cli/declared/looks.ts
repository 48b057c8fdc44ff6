import { Argument, Option } from 'commander';
import { EXAMPLES } from '../help.ts';
import {
  clusterOptions,
  connectionOptions,
  downtimeOption,
  GLOBAL,
  intervalOption,
  logsOptions,
  minerOption,
  mostOption,
  patternsArgument,
  processOptions,
  statusRolesOption,
  taskOption,
  timeoutOption,
  transportOption,
  verifyOptions,
} from '../options.ts';
import { CHECK_FORMATS, STATUS_FORMATS } from '../output.ts';
import type { Declaring } from './declare.ts';

/** Commands that look at hosts, and at what was run on them. */
export const declareLooks = ({ program, command, group }: Declaring): void => {
  command(program, 'status', {
    does: 'Look once at each host: what runs, since when, with what, what the miner says of it, and what is wrong.',
    options: [
      ...clusterOptions(),
      statusRolesOption(),
      ...connectionOptions(),
      new Option('--full', 'every process of every host'),
      new Option('--watch', 'look again and again, and repaint what has changed; Ctrl-C ends it'),
      intervalOption(),
    ],
    formats: STATUS_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/status.ts')).status,
  });
  const jobs = group(program, 'jobs', {
    does: 'Tasks that lotus-miner has given out: list them with what is late (also without a word after jobs), abort those that are lost.',
    examples: [...EXAMPLES['jobs list'], ...EXAMPLES['jobs abort']],
    global: GLOBAL.deploy,
  });
  command(jobs, 'jobs list', {
    does: 'List the tasks that lotus-miner has given out, by stage and host: how old each is, how long its stage should take, and what is late. Asks the miner host alone.',
    isDefault: true,
    options: [
      ...clusterOptions(),
      taskOption(),
      new Option('--late', 'only tasks that are late, or at no known worker'),
      new Option('--full', 'every task, however many there are'),
      new Option('--detailed-exitcode', 'exit with 8 where a task that is shown is late or lost'),
      transportOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/jobs.ts')).jobs,
  });
  command(jobs, 'jobs abort', {
    does: 'Abort tasks that no worker is known to have (ret-wait), so that lotus-miner tries their sectors again: shows each, asks, and looks that they have gone. A task that runs is aborted only by its id, and its hours are lost; its worker goes on all the same.',
    words: [
      new Argument('[ids...]', 'ids of tasks as fcops jobs and lotus-miner show them, eight digits each'),
    ],
    options: [
      minerOption(),
      new Option('--lost', 'all that are lost for longer than their stage takes, or that run anew'),
      mostOption('tasks'),
      new Option(
        '--lose-tasks',
        'with --yes: abort tasks that run or may still run too; their hours are lost',
      ),
      transportOption(),
      new Option('--dry-run', 'only show what would be aborted'),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/jobs-abort.ts')).abort,
  });
  command(program, 'workers', {
    does: 'List the workers that lotus-miner has registered, by host and task: what is missing, disabled or paused, what each is at, and workers that the inventory does not know. Asks the miner host alone.',
    options: [...clusterOptions(), new Option('--full', 'every process of every host'), transportOption()],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/workers.ts')).workers,
  });
  command(program, 'window', {
    does: 'Say whether lotus and lotus-miner may be stopped now without a proof being lost: what is proven, what comes next, and the gaps of the coming day that are longer than a restart takes. Asks the miner host alone; exit code 1 where they may not, or where it cannot be told.',
    options: [minerOption(), downtimeOption(), transportOption()],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/window.ts')).window,
  });
  command(program, 'verify', {
    does: 'Check that all is as it should be: processes, ports, registrations at the miner, huge pages, GPUs, mounts, data, clocks. Says who is missing, by name and since when; exit code 1 when anything is off or not known.',
    options: [...clusterOptions(), statusRolesOption(), ...connectionOptions(), ...verifyOptions()],
    formats: CHECK_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/verify.ts')).verify,
  });
  command(program, 'doctor', {
    does: 'Find out why work stands still: P1 held up by P2 or C2, FinalizeSector that does not land, lost tasks, huge pages that dead tasks hold, GPUs, storage, sync, metadata, and all that verify checks. Says what waiting costs and what mends it; exit code 1 when anything is found, or not known. Changes nothing.',
    words: [
      new Argument(
        '[what...]',
        'names or addresses of hosts, patterns as --limit has them, or a role; left out: the whole cluster',
      ),
    ],
    takesPatterns: true,
    options: [
      ...clusterOptions(),
      ...connectionOptions(),
      new Option('--full', 'everything that was seen of each finding, host by host'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/doctor.ts')).doctor,
  });
  command(program, 'exec', {
    does: 'Run a command as root on hosts, with the variables of their role, and show what came of it: hosts with the same output once. One word after -- is a line of bash; of several each is itself, whatever is in it. More than one host is asked for first.',
    words: [patternsArgument()],
    takesPatterns: true,
    takesCommand: true,
    options: [
      ...clusterOptions(),
      timeoutOption(60),
      ...connectionOptions(),
      new Option('-y, --yes', 'do not ask; needed for several hosts where there is no terminal'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/exec.ts')).exec,
  });
  command(program, 'logs', {
    does: 'Show the last lines of what the processes of hosts have logged, and follow it, with host and process in front of each line.',
    words: [patternsArgument()],
    takesPatterns: true,
    options: [...clusterOptions(), ...processOptions(), ...logsOptions(), transportOption()],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/logs.ts')).logs,
  });
  command(program, 'support', {
    does: 'Make one archive (tar.gz) about a host for whoever helps: plan, status, verification, facts, hardware, kernel messages, the ends of logs, journals of its last runs. It is searched for every secret that is known before it is written; what could not be had is named in it. Changes nothing on the host.',
    words: [new Argument('<host>', 'name or address of a host')],
    options: [
      minerOption(),
      new Option('--out <file>', 'where it is written; a new file beside where you are where it is left out'),
      transportOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/support.ts')).support,
  });
  command(program, 'preflight', {
    does: "Ask hosts themselves what can be told before a deploy starts anything: names, the miner's port and token, archives, sources of packages, the clock, ports, and who else is at work on the cores. Changes nothing.",
    words: [new Argument('[what...]', 'a role, or names or addresses of hosts; left out: all')],
    options: [...clusterOptions(), ...connectionOptions()],
    formats: CHECK_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/preflight.ts')).preflight,
  });
  const runs = group(program, 'runs', {
    does: 'What this machine has run, the newest first, and what became of it.',
    examples: [...EXAMPLES['runs list'], ...EXAMPLES['runs show']],
    global: GLOBAL.text,
  });
  command(runs, 'runs list', {
    does: 'List the runs of this machine, the newest first.',
    isDefault: true,
    options: [new Option('--failed', 'only those that did not end well')],
    global: GLOBAL.text,
    load: async () => (await import('../commands/runs.ts')).list,
  });
  command(runs, 'runs show', {
    does: 'Show what a run was asked for, and how it ended for each host, as far as that is known here.',
    words: [new Argument('<run>', 'name of the run, a part of it that is enough, or "last"')],
    global: GLOBAL.text,
    load: async () => (await import('../commands/runs.ts')).show,
  });
};
