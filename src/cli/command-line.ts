import { quote } from '../core/shell.ts';
import { formatSeconds } from '../core/units.ts';
import type { RoleHosts } from '../ops/role-work.ts';
import type { Context } from './context.ts';
import { DEFAULT_INVENTORY } from './options.ts';
import { hostRanges } from './text/host-ranges.ts';
import type { Words } from './text/words.ts';

/** What a command is about, besides what every command has. */
export interface About {
  readonly miner?: string | undefined;
  readonly limit?: string | undefined;
}

/** `fcops <words>` as it can be copied: with the options of this run that say where everything is. */
export const commandLine = (
  context: Context,
  words: readonly string[],
  { miner, limit }: About = {},
): string =>
  [
    'fcops',
    ...words.map(quote),
    ...option('--miner', miner),
    ...option('--limit', limit),
    ...places(context),
  ].join(' ');

/** The same for some hosts of a cluster, or all. */
export const commandFor = (
  context: Context,
  words: readonly string[],
  cluster: { readonly miner: string; readonly hosts: readonly { readonly name: string }[] },
  hosts: readonly string[],
): string => {
  const all = cluster.hosts.every(({ name }) => hosts.includes(name));
  const limit = all ? undefined : hostRanges(hosts).replaceAll(', ', ',');
  return commandLine(context, words, { miner: cluster.miner, limit });
};

/** What a plan or a summary says to type next, for some hosts of what it is about. */
export const planCommands = (context: Context, { role, cluster }: Pick<RoleHosts, 'role' | 'cluster'>) => {
  const ofRole = {
    ...cluster,
    hosts: cluster.hosts.filter(({ roles }) => role === 'all' || roles.includes(role)),
  };
  return {
    trustCommand: (hosts: readonly string[]) => commandFor(context, ['trust'], cluster, hosts),
    statusCommand: (hosts: readonly string[]) => commandFor(context, ['status', '--full'], cluster, hosts),
    startCommand: (hosts: readonly string[]) =>
      commandFor(context, ['deploy', role, '--start'], ofRole, hosts),
    rebootCommand: (hosts: readonly string[], drain: boolean) =>
      commandFor(context, ['reboot', role, ...(drain ? ['--drain'] : [])], ofRole, hosts),
    restartCommand: (hosts: readonly string[], processes: readonly string[]) => {
      const names = hostRanges(processes).replaceAll(', ', ',');
      // A restart is about hosts of one role.
      const own = cluster.hosts.find(({ name }) => hosts.includes(name))?.roles[0];
      const words = ['restart', role === 'all' ? (own ?? role) : role, '--process', names];
      return commandFor(context, words, ofRole, hosts);
    },
  };
};

const option = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`${name} ${quote(value)}`];

/** The inventory that was named; undefined where none was. */
export const inventoryGiven = ({ options: { inventory } }: Context): string | undefined =>
  inventory === DEFAULT_INVENTORY ? undefined : inventory;

const places = ({ options: { inventory, profiles, templates, identity } }: Context): string[] => [
  ...option('--inventory', inventory === DEFAULT_INVENTORY ? undefined : inventory),
  ...option('--profiles', profiles),
  ...option('--templates', templates),
  ...option('--identity', identity),
];

/** How problems are put into words here: commands can be copied, and people are told times by their own clock. */
export const wordsOf = (context: Context): Words => ({
  command: (words) => {
    // A command that is about a miner names it already; secrets are those of all.
    const named = words.includes('--miner') || words[0] === 'init' || words[0] === 'secrets';
    const about = named ? {} : { miner: context.options.miner };
    return commandLine(context, words, about);
  },
  since: (stamp) => (context.output.format === 'text' ? localTime(context, stamp) : stamp),
});

const localTime = ({ world }: Context, stamp: string): string => {
  const then = new Date(stamp);
  const seconds = (world.date().getTime() - then.getTime()) / 1000;
  // A lock of a controller whose clock goes ahead, or that says something else.
  if (!(seconds >= 0)) return stamp;
  // The Swedish way is 2026-11-22 18:30:00.
  const ago = seconds < 10 ? `${Math.round(seconds)} s` : formatSeconds(seconds);
  return `${then.toLocaleString('sv-SE')} (${ago} ago)`;
};
