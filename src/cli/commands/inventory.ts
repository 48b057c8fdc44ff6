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
  const withListen = hosts.some(({ address, listen }) => listen !== address);
  const hasGroups = hosts.some(({ groups }) => groups.length > 0);
  const rows = (withChecks: boolean) =>
    table(
      [
        ...['name', 'address', ...(withListen ? ['listen'] : []), 'roles', 'profile', 'system'],
        ...(withChecks ? ['checks'] : []),
        ...(hasGroups ? ['groups'] : []),
      ].map((title) => ({ title })),
      hosts.map(({ name, address, listen, roles, groups, profile, os, checks }) => [
        name,
        address,
        ...(withListen ? [listen] : []),
        roles.join(','),
        profile.name,
        osName(os),
        ...(withChecks ? [checks] : []),
        ...(hasGroups ? [groups.join(',')] : []),
      ]),
      paint.quiet,
    ).map((line) => `  ${line}`);
  const [first] = hosts;
  const alike = hosts.every(({ checks }) => checks === first?.checks);
  const wide = rows(true);
  const narrow = alike && wide.some((line) => displayWidth(line) > width);
  const head = [
    `${paint.strong(cluster.miner)}  ${cluster.sectorSize} sectors, ${count(hosts.length, 'host')}`,
    ...(narrow && first ? [`checks ${first.checks}`] : []),
    cluster.file,
  ].join(', ');
  return [...wrap(head, width, 2), ...(narrow ? rows(false) : wide), ''].join('\n');
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
