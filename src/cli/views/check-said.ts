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
  const who = hosts ? hosts.map(hostsText).join('; ') : where?.host;
  return `${who === undefined ? '' : `${who}: `}${what.replaceAll('\n', ' ')}`;
};

const hostsText = ({
  miner,
  hosts,
}: {
  readonly miner: string;
  readonly hosts: readonly string[];
}): string =>
  hosts.length === 1
    ? `${hosts[0]} of ${miner}`
    : `${count(hosts.length, 'host')} of ${miner} (${hostRanges(hosts)})`;
