import { Argument, Option } from 'commander';
import { EXAMPLES } from '../help.ts';
import {
  batchOptions,
  clusterOptions,
  connectionOptions,
  GLOBAL,
  minerOption,
  preflightOption,
  processOptions,
  rebootBatchOptions,
  rebootTimeoutOption,
  recoverOptions,
  roleOrHostsArgument,
  rotateOptions,
  stopOptions,
  UPGRADE_DRAINS,
  upgradeBatchOptions,
  upgradedOption,
  versionsOption,
} from '../options.ts';
import type { Declaring } from './declare.ts';

/** Commands that start and stop processes, of one machine or of a farm. */
export const declareProcesses = ({ program, command, group }: Declaring): void => {
  const processCommand = (): Option[] => [
    ...clusterOptions(),
    ...processOptions(),
    ...connectionOptions(),
    ...batchOptions(),
    new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
    new Option('--full', 'show every process on its own'),
    new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
  ];
  const startCommand = (): Option[] => [...processCommand(), preflightOption()];
  command(program, 'start', {
    does: 'Start processes that do not run, in the order and at the pace of the handbook, and leave alone what runs: lotus, lotus-miner when lotus is in sync; APx with its init, P2, the P1 tasks one by one; C2.',
    words: [roleOrHostsArgument()],
    options: startCommand(),
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/processes.ts')).start,
  });
  command(program, 'stop', {
    does: 'Stop processes: show what each is at, ask, end it with SIGTERM, look that it has gone, clear its huge pages. What is at a task, or may be, is not stopped unless --drain or --lose-tasks says what becomes of that; --yes does not.',
    words: [roleOrHostsArgument()],
    options: [...processCommand(), ...stopOptions()],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/processes.ts')).stop,
  });
  command(program, 'restart', {
    does: 'Stop processes as stop does, and start them as start does; what did not run is started too. Nothing is stopped that could not be started again.',
    words: [roleOrHostsArgument()],
    options: [...startCommand(), ...stopOptions()],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/processes.ts')).restart,
  });
  command(program, 'reboot', {
    does: 'Reboot machines, one after the other: wait until tasks have ended (--drain), stop, reboot, wait until the machine is back under another boot id, look at huge pages, mounts and GPUs, start, look that the miner has registered it. What is at a task is not stopped unless --drain or --lose-tasks says what becomes of that; --yes does not. A machine that does not come back, or is not right, ends the run.',
    words: [roleOrHostsArgument()],
    options: [
      ...clusterOptions(),
      ...connectionOptions(),
      ...rebootBatchOptions(),
      rebootTimeoutOption(),
      preflightOption(),
      ...stopOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every process on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/reboot.ts')).reboot,
  });
  command(program, 'recover', {
    does: 'Bring a machine back that has lost a GPU or a disk, or hangs (handbook 4.2): show what is wrong with its hardware, ask, stop what still runs, reboot, look at the hardware again, start in order, look that the miner has registered it. Hardware that is broken still ends it before the start, with the report for those who mend it. What is at a task is not stopped unless --drain or --lose-tasks says what becomes of that.',
    words: [new Argument('<host>', 'name or address of a host')],
    options: [
      minerOption(),
      ...connectionOptions(),
      ...recoverOptions(),
      rebootTimeoutOption(),
      ...stopOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every process on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/recover.ts')).recover,
  });
  command(program, 'upgrade', {
    does: 'Bring another version of a program to all hosts of a role: check the version and its checksum, download and unpack it everywhere, then one host, then batches: wait until its tasks have ended, stop, switch over, start, look that the miner has registered it. What fails goes back to the version before, and nothing further is begun. The inventory gets the version that hosts are on.',
    options: [
      upgradedOption(),
      versionsOption(),
      new Option(
        '--sha256 <sum>',
        'checksum of the archive; default: that of the inventory, or of the file SHA256SUMS beside the archive',
      ),
      ...clusterOptions(),
      ...connectionOptions(),
      ...upgradeBatchOptions(),
      preflightOption(),
      ...stopOptions(UPGRADE_DRAINS),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every process on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/upgrade.ts')).upgrade,
  });
  const rotate = group(program, 'rotate', {
    does: 'Renew what workers have of their miner, without the loss of a task.',
    examples: EXAMPLES['rotate token'],
    global: GLOBAL.deploy,
  });
  command(rotate, 'rotate token', {
    does: "Bring the token of the miner's API into the profiles of its workers, then restart each worker that still runs with another one (seen from its environment) when its own tasks have ended: paused at the miner, in the order in which they fall idle. Shows each of the two and asks; run again, it goes on with what is left.",
    options: [
      ...clusterOptions(),
      ...processOptions(),
      ...rotateOptions(),
      ...connectionOptions(),
      preflightOption(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every change on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/rotate.ts')).token,
  });
};
