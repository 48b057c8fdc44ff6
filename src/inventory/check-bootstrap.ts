import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Checking } from './checking.ts';

/** What is wrong with how a miner is to be set up first: a host that is not there, one wallet for two. */
export const checkBootstrap = ({ cluster, hosts, valuePlace }: Checking): readonly Problem[] => {
  const { parameters, owner, worker } = cluster.bootstrap ?? {};
  const names = hosts.flatMap(({ host }) => host.name ?? []);
  const from = parameters?.from;
  return [
    ...(from === undefined || names.includes(from) || names.length < hosts.length
      ? []
      : [
          {
            kind: 'inventory' as const,
            what: `\`bootstrap.parameters.from\` names no host of this file: "${from}"`,
            where: valuePlace(['bootstrap', 'parameters', 'from']),
            next: [edit(didYouMean(from, names))],
          },
        ]),
    ...(owner === undefined || owner !== worker
      ? []
      : [
          {
            kind: 'inventory' as const,
            what: '`bootstrap.worker` is the same address as `bootstrap.owner`',
            where: valuePlace(['bootstrap', 'worker']),
            next: [edit('take another wallet: the worker signs every day, the owner holds the money')],
          },
        ]),
  ];
};
