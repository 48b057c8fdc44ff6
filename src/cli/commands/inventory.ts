import { stringify } from 'yaml';
import { shownVariable } from '../../core/others-secrets.ts';
import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Selected } from '../../inventory/select.ts';
import { selectAmong } from '../../inventory/select.ts';
import { checkInventory } from '../../ops/check-inventory.ts';
import { describeHost } from '../../ops/host-description.ts';
import { chosenClusters, hostNamed, limitOf } from '../../ops/sources.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { sourcesOf } from '../sources.ts';
import { addressesIn } from '../text/addresses.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { displayWidth, wrap } from '../text/width.ts';

/** `fcops inventory list` */
export const list: Action<ClusterOptions> = async (context, _, { miner, limit }) => {
  const { output } = context;
  const clusters = selectAmong(
    chosenClusters(sourcesOf(context), miner),
    limit === undefined ? {} : { limit: limitOf(limit) },
  );
  if (output.format === 'json') {
    output.printJson(
      clusters.map(({ cluster: { miner, sectorSize, file }, hosts }) => ({
        miner,
        sectorSize,
        file,
        hosts: hosts.map(({ name, address, listen, roles, groups, profile, os, checks }) => ({
          name,
          ...addressesIn({ address, listen }),
          roles,
          groups,
          profile: profile.base ?? profile.name,
          os: osName(os),
          checks,
        })),
      })),
    );
    return EXIT.done;
  }
  const texts = clusters.map((one) => listText(one, output));
  output.print(texts.join('\n'));
  return EXIT.done;
};

/** A cluster and its hosts; what is the same for all of them moves above the table where that is too wide. */
const listText = ({ cluster, hosts }: Selected, { width, paint }: Output): string => {
  const rows = (moved: readonly Alike[]) =>
    hostRows(
      hosts,
      moved.map(({ column }) => column),
      paint,
    );
  const alike = alikeIn(hosts);
  const moves = [...alike.map((_, index) => alike.slice(0, index)), alike];
  const moved = moves.find((some) => rows(some).every((line) => displayWidth(line) <= width)) ?? alike;
  const head = [
    `${paint.strong(cluster.miner)}  ${cluster.sectorSize} sectors, ${count(hosts.length, 'host')}`,
    ...moved.map(({ said }) => said),
    cluster.file,
  ].join(', ');
  return [...wrap(head, width, 2), ...rows(moved), ''].join('\n');
};

interface Alike {
  readonly column: string;
  readonly said: string;
}

/** Columns in which all hosts have the same, in the order in which they leave the table. */
const alikeIn = (hosts: readonly Host[]): readonly Alike[] => {
  const [first] = hosts;
  if (first === undefined) return [];
  return [
    ...(hosts.every(({ checks }) => checks === first.checks)
      ? [{ column: 'checks', said: `checks ${first.checks}` }]
      : []),
    ...(hosts.every(({ os }) => osName(os) === osName(first.os))
      ? [{ column: 'system', said: osName(first.os) }]
      : []),
  ];
};

const hostRows = (hosts: readonly Host[], without: readonly string[], paint: Paint): string[] => {
  const columns: readonly (readonly [title: string, cell: (host: Host) => string])[] = [
    ['name', ({ name }) => name],
    ['address', ({ address }) => address],
    ['listen', ({ listen }) => listen],
    ['roles', ({ roles }) => roles.join(',')],
    ['profile', ({ profile }) => profile.name],
    ['system', ({ os }) => osName(os)],
    ['checks', ({ checks }) => checks],
    ['groups', ({ groups }) => groups.join(',')],
  ];
  const saysNothing = [
    ...(hosts.every(({ address, listen }) => listen === address) ? ['listen'] : []),
    ...(hosts.every(({ groups }) => groups.length === 0) ? ['groups'] : []),
  ];
  const shown = columns.filter(([title]) => ![...without, ...saysNothing].includes(title));
  return table(
    shown.map(([title]) => ({ title })),
    hosts.map((host) => shown.map(([, cell]) => cell(host))),
    paint.quiet,
  ).map((line) => `  ${line}`);
};

const osName = ({ id, version }: Host['os']): string => (version === undefined ? id : `${id} ${version}`);

/** `fcops inventory check` */
export const check: Action<{ readonly miner?: string; readonly secrets: boolean }> = async (
  context,
  _,
  { miner, secrets },
) => {
  const { output } = context;
  const { clusters, problems } = await checkInventory(sourcesOf(context), {
    ...{ miner, secrets },
    now: context.world.date(),
  });
  // A secret may stand in the words of the command that is asked for it.
  output.hide(context.values.known());
  if (problems.length > 0) throw new FcopsError(problems);
  if (output.format === 'json') {
    output.printJson(clusters.map(({ miner, file, hosts }) => ({ miner, file, hosts: hosts.length })));
    return EXIT.done;
  }
  for (const { file, hosts } of clusters)
    output.printLine(`${output.paint.good('ok')}  ${file}  ${count(hosts.length, 'host')}`);
  return EXIT.done;
};

/** `fcops inventory show HOST` */
export const show: Action<{ readonly miner?: string }> = async (context, [name = ''], { miner }) => {
  const { output } = context;
  const { cluster, host } = hostNamed(chosenClusters(sourcesOf(context), miner), name);
  const environment = Object.fromEntries(
    Object.entries(host.variables.environment).map(([key, value]) => [key, shownVariable(key, value)]),
  );
  const shown = { ...describeHost(cluster, host), variables: { ...host.variables, environment } };
  if (output.format === 'json') output.printJson(shown);
  else output.print(stringify(shown, { lineWidth: 0 }));
  return EXIT.done;
};
