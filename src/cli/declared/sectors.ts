import { Argument, Option } from 'commander';
import { EXAMPLES } from '../help.ts';
import {
  clusterOptions,
  GLOBAL,
  minerOption,
  mostOption,
  sectorNumbersArgument,
  sectorsArgument,
  stateOption,
  transportOption,
} from '../options.ts';
import type { Declaring } from './declare.ts';

/** Commands for the sectors of a miner, and for backups of what it knows of them. */
export const declareSectors = ({ program, command, group }: Declaring): void => {
  command(program, 'pledge', {
    does: 'Pledge sectors (lotus-miner sectors pledge): show where they would go and when they would be sealed, ask once, have the miner host make them one after the other until one fails. Refused where lotus-miner does not answer, no APx takes sectors, or they do not fit; --yes does not change that.',
    words: [sectorsArgument()],
    options: [
      minerOption(),
      transportOption(),
      new Option('--dry-run', 'only show where they would go'),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every host on its own'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/pledge.ts')).pledge,
  });
  command(program, 'backup', {
    does: 'Back up the metadata of lotus-miner now, as cron does by the inventory: on the miner host and to what is mounted there, read back; and list what backups there are, with their ages and whether their sums are right.',
    words: [new Argument('<what>', 'what is backed up').choices(['miner'])],
    options: [...clusterOptions(), transportOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/backup.ts')).backup,
  });
  const sectors = group(program, 'sectors', {
    does: 'Sectors of a miner: list those that have failed (also without a word after sectors), try them again, give them up.',
    examples: EXAMPLES['sectors list'],
    global: GLOBAL.deploy,
  });
  command(sectors, 'sectors list', {
    does: 'Count the sectors by state, and list those that have failed with what lotus-miner says last of each.',
    isDefault: true,
    options: [
      minerOption(),
      stateOption().default([], 'all failed ones'),
      new Option('--full', 'every sector by itself, and more of them'),
      new Option('--detailed-exitcode', 'exit with 8 where a sector has failed'),
      transportOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/sectors.ts')).sectors,
  });
  const sectorBatch = (): Option[] => [
    minerOption(),
    transportOption(),
    new Option('--dry-run', 'only show what would be done with which sectors'),
    new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
  ];
  command(sectors, 'sectors retry', {
    does: 'Have lotus-miner try failed sectors again, where it has come to rest with them: shows each with what it would go on with, asks, and looks again. A failed sector is tried again by itself after a minute; one that was is left alone.',
    words: [sectorNumbersArgument('[sectors...]')],
    options: [stateOption(), mostOption('sectors'), ...sectorBatch()],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/sector-batch.ts')).retry,
  });
  command(sectors, 'sectors discard', {
    does: 'Give failed sectors up (lotus-miner sectors update-state N Removed): shows each with the hours and the deposit that are lost, asks, and looks again. Their files stay where they are. Never a sector that is on the chain, may still come to it, or of which that cannot be told.',
    words: [sectorNumbersArgument('[sectors...]')],
    options: [stateOption(), mostOption('sectors'), ...sectorBatch()],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/sector-batch.ts')).discard,
  });
  command(sectors, 'sectors remove', {
    does: 'Give sectors up with their files (lotus-miner sectors remove): the same for failed ones, and for those that were given up and left files. Each is named by its number, and on a terminal typed again.',
    words: [sectorNumbersArgument('<sectors...>')],
    options: [
      new Option('--really-do-it', 'remove them; what is removed cannot be had back'),
      mostOption('sectors'),
      ...sectorBatch(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/sector-batch.ts')).remove,
  });
};
