import { Argument, Option } from 'commander';
import { SECTOR_SIZES } from '../../core/profile.ts';
import { LAYOUT_ROLES } from '../../roles/role-names.ts';
import { EXAMPLES } from '../help.ts';
import {
  clusterOptions,
  connectionOptions,
  downloadTimeoutOption,
  GLOBAL,
  hostsArgument,
  minerOption,
  newHostOptions,
  roleArgument,
  secretArgument,
  tagsOption,
} from '../options.ts';
import { LINT_FORMATS } from '../output.ts';
import { SCHEMAS } from '../schemas.ts';
import type { Declaring } from './declare.ts';

/** Commands for what stands in files: clusters, archives, secrets, hardware models, templates. */
export const declareFiles = ({ program, command, group }: Declaring): void => {
  command(program, 'check', {
    does: 'Check all that stands in files, for CI: cluster files each and together, layouts, versions and checksums, templates filled in for every host, shellcheck of the shell that comes of them, what nobody uses, secrets. One finding a line, with its file and line. Asks no host and needs no secret; exit code 1 where there is an error.',
    options: [new Option('--miner <id>', 'only this cluster, and what others have in common with it')],
    formats: LINT_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/check.ts')).check,
  });
  const inventory = group(program, 'inventory', {
    does: 'List, check and show what the cluster files say, and add hosts to them.',
    examples: [
      ...EXAMPLES['inventory list'],
      ...EXAMPLES['inventory check'],
      ...EXAMPLES['inventory show'],
      ...EXAMPLES['inventory add-host'],
    ],
    global: GLOBAL.inventory,
  });
  command(inventory, 'inventory list', {
    does: 'List clusters and their hosts.',
    options: clusterOptions(),
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/inventory.ts')).list,
  });
  command(inventory, 'inventory check', {
    does: 'Read every cluster file and say all that is wrong, with line, column and what to write. Secrets are looked for as a deploy does: those of age are decrypted, the commands of exec are run.',
    options: [
      minerOption(),
      new Option(
        '--no-secrets',
        'do not look whether the secrets are there: nothing is decrypted, and no command of exec is run',
      ),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/inventory.ts')).check,
  });
  command(inventory, 'inventory show', {
    does: 'Show everything that counts for one host, defaults included.',
    words: [new Argument('<host>', 'name or address of a host')],
    options: [minerOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/inventory.ts')).show,
  });
  command(inventory, 'inventory explain', {
    does: 'Tell of every value that counts for one host where it comes from: the default, the cluster, a group or the host, with file and line, and what it counts more than; of its hardware model too. Of secrets only what they are called.',
    words: [
      new Argument('<host>', 'name or address of a host'),
      new Argument('[key]', 'a key with dots, or the beginning of some: variables.timezone, ssh, profile.p1'),
    ],
    options: [minerOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/inventory-explain.ts')).explain,
  });
  command(inventory, 'inventory add-host', {
    does: 'Add a host to a cluster file, or several by a range, behind those that are there and written as they are: comments, order and all other lines stay. Shows what changes; what would be wrong then is told, and nothing is written. Hosts that are there as asked for stay; one of `fcops init` that is still to be filled in gets its values. What else is wrong in the file already does not matter.',
    words: [
      new Argument('<name>', "name of the host, for example p1-74; 'p1-[74:79]' is six of them"),
      new Argument('<address>', "its IPv4 address; '192.168.10.[74:79]', as many as there are names"),
    ],
    options: [...newHostOptions(), minerOption(), new Option('--dry-run', 'only show what would change')],
    global: GLOBAL.clusters,
    load: async () => (await import('../commands/add-host.ts')).addHost,
  });
  const artifacts = group(program, 'artifacts', {
    does: 'Archives of the programs: their checksums.',
    examples: EXAMPLES['artifacts hash'],
    global: GLOBAL.secrets,
  });
  command(artifacts, 'artifacts hash', {
    does: 'Work out the sha256 of archives, as lines that the inventory takes: of files, of URLs, of those at the server of the inventory by their names alone, with its user and password (a file of that name in this directory goes first, which is said). Each is read once and kept nowhere. Where SHA256SUMS beside it says another sum, that is an error.',
    words: [
      new Argument(
        '<archive...>',
        'files, URLs, or names of archives below artifacts.url, where no file here has that name',
      ),
    ],
    options: [
      minerOption(),
      new Option('--write', 'put them under artifacts.sha256 of the inventory; all other lines stay'),
      new Option('--replace', 'with --write: also where the inventory has another sum of that name'),
      downloadTimeoutOption(),
    ],
    global: GLOBAL.secrets,
    load: async () => (await import('../commands/artifacts.ts')).hash,
  });
  const secrets = group(program, 'secrets', {
    does: 'Keep secrets in the repository, encrypted with age for those who may decrypt them.',
    examples: [
      ...EXAMPLES['secrets init'],
      ...EXAMPLES['secrets set'],
      ...EXAMPLES['secrets edit'],
      ...EXAMPLES['secrets list'],
      ...EXAMPLES['secrets rotate'],
      ...EXAMPLES['secrets check'],
    ],
    global: GLOBAL.secrets,
  });
  command(secrets, 'secrets init', {
    does: 'Make a private key of age where you have none, and put its public part into secrets/recipients.txt beside the cluster files.',
    options: [new Option('--name <text>', 'whose key it is, in a comment above it; default: user@machine')],
    global: GLOBAL.secrets,
    load: async () => (await import('../commands/secrets.ts')).init,
  });
  command(secrets, 'secrets set', {
    does: 'Keep a secret, from standard input or typed without being shown, encrypted for all recipients. Needs no private key.',
    words: [secretArgument()],
    global: GLOBAL.secrets,
    load: async () => (await import('../commands/secrets-value.ts')).set,
  });
  command(secrets, 'secrets edit', {
    does: 'Open a secret in $VISUAL or $EDITOR, in a file that only you can read and that is removed in every case, and keep what becomes of it.',
    words: [secretArgument()],
    global: GLOBAL.secrets,
    load: async () => (await import('../commands/secrets-value.ts')).edit,
  });
  command(secrets, 'secrets list', {
    does: 'List secrets, who can decrypt each, and where cluster files name it. Decrypts nothing.',
    global: GLOBAL.secrets,
    load: async () => (await import('../commands/secrets.ts')).list,
  });
  command(secrets, 'secrets rotate', {
    does: 'Encrypt all secrets anew for the recipients of now, and say whose values somebody can still read in old commits.',
    global: GLOBAL.secrets,
    load: async () => (await import('../commands/secrets.ts')).rotate,
  });
  command(secrets, 'secrets check', {
    does: 'Say all that is wrong with the secrets, one finding a line: values in the clear, files that others can read or that git has, secrets that are not there or too short, recipients that cannot decrypt. Secrets that nobody names are warnings, and what cannot be looked at here is unknown: both fail nothing.',
    options: [new Option('--no-exec', 'run no command of a vault')],
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/secrets.ts')).check,
  });
  command(program, 'layout', {
    does: 'Draw which process gets which cores, NUMA nodes and hugepages on a hardware model.',
    words: [new Argument('<profile>', 'hardware model, for example amd-7532')],
    options: [
      new Option('--sector-size <size>', 'sector size').choices(SECTOR_SIZES).default('64GiB'),
      new Option('--role <role>', 'default: what the profile is for').choices(LAYOUT_ROLES),
      new Option('--svg <file>', 'write the drawing to a file as well'),
    ],
    global: GLOBAL.profiles,
    load: async () => (await import('../commands/layout.ts')).layout,
  });
  command(program, 'facts', {
    does: 'Show what machines are: CPU, memory, NUMA nodes, GPUs, disks, distribution.',
    words: [hostsArgument('[hosts...]')],
    options: [
      ...clusterOptions(),
      ...connectionOptions(),
      new Option('--save', 'keep them beside the inventory'),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('../commands/facts.ts')).facts,
  });
  command(program, 'render', {
    does: 'Write the files that a deploy would put on hosts to a directory. No host is asked.',
    words: [roleArgument()],
    options: [
      ...clusterOptions(),
      tagsOption(),
      new Option('--out <dir>', 'directory for <host>/<path on the host>; has to be given'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('../commands/render.ts')).render,
  });
  command(program, 'schema', {
    does: 'Print a JSON Schema: of inventory or profile files for editors, of what fcops prints for programs.',
    words: [new Argument('[what]', 'which one').choices(Object.keys(SCHEMAS)).default('inventory')],
    global: GLOBAL.plain,
    load: async () => (await import('../commands/schema.ts')).schema,
  });
};
