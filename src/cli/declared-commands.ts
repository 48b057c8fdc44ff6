import { Argument, Option } from 'commander';
import { declareChanges } from './declared/changes.ts';
import type { Declaring } from './declared/declare.ts';
import { declareFiles } from './declared/files.ts';
import { declareLooks } from './declared/looks.ts';
import { declareProcesses } from './declared/processes.ts';
import { declareSectors } from './declared/sectors.ts';
import { forksOption, GLOBAL, hostsArgument, limitOption, minerOption, rolesOption } from './options.ts';

/** Declares all commands, in the order and under the titles of the help. */
export const declareCommands = (declaring: Declaring): void => {
  const { program, command } = declaring;
  program.commandsGroup('Begin:');
  command(program, 'init', {
    does: 'Write a cluster file to begin with, and say what comes next. A file that is there gets at its end the sections that it lacks, and keeps all that is in it.',
    words: [new Argument('<miner>', 'miner id of the cluster, for example f0494733')],
    options: [rolesOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/init.ts')).init,
  });
  program.commandsGroup('Change machines:');
  declareChanges(declaring);
  program.commandsGroup('Run processes:');
  declareProcesses(declaring);
  declareSectors(declaring);
  program.commandsGroup('Look at things:');
  declareLooks(declaring);
  declareFiles(declaring);
  program.commandsGroup('Get in:');
  command(program, 'trust', {
    does: 'Show the host keys of hosts, ask, and record them in known_hosts.',
    words: [hostsArgument('[hosts...]')],
    options: [
      minerOption(),
      limitOption(),
      forksOption(),
      new Option('-y, --yes', 'record unknown keys without asking'),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/trust.ts')).trust,
  });
  program.commandsGroup('Help:');
  command(program, 'completion', {
    does: 'Print what makes a shell complete commands, options, hosts, roles, tags, profiles and runs.',
    words: [new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish'])],
    global: GLOBAL.plain,
    load: async () => (await import('./commands/completion.ts')).completion,
  });
};
