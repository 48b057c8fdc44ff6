import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { CheckFinding } from './check-document.ts';

/** `inventories/f0494733.yaml:12:5`, as editors and matchers of CI read it; undefined where it is in no file. */
export const placeText = ({ problem: { where } }: CheckFinding): string | undefined =>
  where?.file === undefined
    ? undefined
    : [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');

/** What is wrong, in one line, with the hosts that it is about. */
export const saidText = ({ problem: { what, where }, hosts }: CheckFinding): string => {
  const who = hosts ? hostsText(hosts) : where?.host;
  return `${who === undefined ? '' : `${who}: `}${what.replaceAll('\n', ' ')}`;
};

type Hosts = NonNullable<CheckFinding['hosts']>;

/** Clusters, and ranges of names of each, that are named one by one; JSON has all. */
const MOST = 3;

const hostsText = (clusters: Hosts): string => {
  if (clusters.length <= MOST) return clusters.map(ofCluster).join('; ');
  const all = clusters.reduce((sum, { hosts }) => sum + hosts.length, 0);
  return `${count(all, 'host')} of ${count(clusters.length, 'cluster')}`;
};

const ofCluster = ({ miner, hosts }: Hosts[number]): string => {
  const [first] = hosts;
  if (hosts.length === 1) return `${first} of ${miner}`;
  const ranges = hostRanges(hosts).split(', ');
  const named = ranges.length > MOST ? [...ranges.slice(0, MOST), '…'] : ranges;
  return `${count(hosts.length, 'host')} of ${miner} (${named.join(', ')})`;
};
