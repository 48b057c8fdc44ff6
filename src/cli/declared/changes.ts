import { Argument, Option } from 'commander';
import {
  baseOption,
  batchOptions,
  clusterOptions,
  connectionOptions,
  detailedExitcodeOption,
  forksOption,
  GLOBAL,
  limitOption,
  minerOption,
  onlyDriftOption,
  preflightOption,
  rebootTimeoutOption,
  roleArgument,
  runOptions,
  savedOptions,
  savedPlanArgument,
  showReplacedOption,
  transportOption,
} from '../options.ts';
import { PLAN_FORMATS, SHOW_FORMATS } from '../output.ts';
import type { Declaring } from './declare.ts';

/** Commands that bring machines to what their role wants, and back. */
export const declareChanges = ({ program, command }: Declaring): void => {
  command(program, 'plan', {
    does: 'Show what a deploy would change. Touches nothing.',
    words: [roleArgument()],
    options: [
      ...clusterOptions(),
      ...runOptions(),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('--start', 'plan the start of processes too'),
      preflightOption(),
      baseOption(),
      onlyDriftOption(),
      ...savedOptions(),
      detailedExitcodeOption(),
    ],
    formats: PLAN_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/plan.ts')).plan,
  });
  command(program, 'show', {
    does: 'Show a saved plan: what it changes where, who made it, until when it can be applied. Asks no host.',
    words: [savedPlanArgument()],
    options: [new Option('--full', 'show new files and long diffs as a whole')],
    formats: SHOW_FORMATS,
    global: GLOBAL.text,
    load: async () => (await import('../commands/show.ts')).show,
  });
  command(program, 'apply', {
    does: 'Apply a saved plan, and nothing else: look at all its hosts, and begin only where each of them, its inventory, profile and templates are as they were. Of secrets only where they are kept is compared: their values are those of now. Shows the plan, asks once.',
    words: [savedPlanArgument()],
    options: [
      new Option('--partial', 'go on with the hosts that are as they were, where others are not'),
      ...connectionOptions(),
      ...batchOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show new files and long diffs as a whole'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/apply.ts')).apply,
  });
  command(program, 'deploy', {
    does: 'Make machines what their role wants: show the plan, ask once, do it, look again.',
    words: [roleArgument()],
    options: [
      ...clusterOptions(),
      ...runOptions(),
      ...batchOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option(
        '--start',
        'start processes too, where they do not run (lotus-miner when lotus is in sync), and init APx where that is missing',
      ),
      new Option(
        '--reboot',
        'reboot hosts where that is owed after the changes and no process runs, and look at them again before anything is started',
      ),
      rebootTimeoutOption(),
      preflightOption(),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/deploy.ts')).deploy,
  });
  command(program, 'resume', {
    does: 'Take up a run that did not end: find out what became of it on its hosts, and do what is left. Where everything is stands in the run, unless it is given.',
    words: [new Argument('<run>', 'name of the run, a part of it that is enough, or "last"')],
    options: [
      forksOption(),
      new Option('-y, --yes', 'do not ask where more is to be done than was agreed to'),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/resume.ts')).resume,
  });
  command(program, 'rollback', {
    does: 'Put back on its hosts what a run replaced there: files, links, versions, settings as they were before; what it made is taken away where it still is as it was made. Shows the plan, asks once. A host where something has changed since is left alone, and told.',
    words: [
      new Argument('[run]', 'name of the run, or a part of it; left out: the last that changed something'),
    ],
    options: [
      limitOption(),
      forksOption(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--dry-run', 'only show what would be put back'),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/rollback.ts')).rollback,
  });
  command(program, 'bootstrap', {
    does: 'Set a miner up for the first time, step by step, on a miner host that is deployed: snapshot, proof parameters, lotus, sync, wallets, funds, the miner itself, storage, backup. It can be left and taken up again: what is done is seen on the host.',
    words: [new Argument('<what>', 'what is set up').choices(['miner'])],
    options: [
      ...clusterOptions(),
      transportOption(),
      new Option('--check', 'only show what is done and what is not'),
      new Option(
        '-y, --yes',
        'do not ask before money or data is at stake; needed where there is no terminal',
      ),
      new Option(
        '--import-over <host>',
        'import the snapshot over the chain that this host has; its name confirms it',
      ),
      new Option('-v, --verbose', 'show what the steps print'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/bootstrap.ts')).bootstrap,
  });
  command(program, 'restore', {
    does: 'Make the miner anew from a backup, step by step, where its repository is gone: list the backups, look whether nothing is in its place and lotus is in sync with the key of its worker, ask, restore, start. Never over a repository that is there. It can be left and taken up again.',
    words: [new Argument('<what>', 'what is restored').choices(['miner'])],
    options: [
      ...clusterOptions(),
      transportOption(),
      new Option(
        '--from <backup>',
        'name of a backup, or a path on the miner host: a directory of one, or a file with config.toml and storage.json beside it',
      ).default(undefined, 'the newest that is whole and not damaged'),
      new Option('--check', 'only list the backups, and show what is done and what is not'),
      new Option('-y, --yes', 'do not ask before it is restored; needed where there is no terminal'),
      new Option('-v, --verbose', 'show what the steps print'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/restore.ts')).restore,
  });
  command(program, 'adopt', {
    does: "Take over a host that is stamped as another miner's: show whose it is, ask, stamp it anew.",
    words: [new Argument('<host>', 'name or address of a host')],
    options: [
      minerOption(),
      ...connectionOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/adopt.ts')).adopt,
  });
};
