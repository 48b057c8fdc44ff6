import type { JunitCase } from './junit.ts';
import { caseOf, junit, saidLines } from './junit.ts';
import type { StatusDocument, StatusHostDocument, StatusTrouble } from './status-document.ts';

/** A status as JUnit XML: a suite a host; a case for the look at it, for the machine, and for each process. */
export const statusJunit = ({ miner, at, hosts }: StatusDocument): string =>
  junit(
    `fcops status ${miner}`,
    at,
    hosts.map((host) => ({ name: host.host, cases: casesOf(host) })),
  );

const casesOf = ({ state, troubles, processes }: StatusHostDocument): readonly JunitCase[] => {
  if (state === 'pending') return [{ name: 'look', skipped: true }];
  if (state === 'unseen') return [troubled('look', troubles)];
  return [
    { name: 'look' },
    troubled(
      'machine',
      troubles.filter((one) => one.processes.length === 0),
    ),
    ...processes.map(({ name, miner }) =>
      troubled(
        name,
        troubles.filter((one) => one.processes.includes(name)),
        miner?.state === 'unknown'
          ? [saidLines({ message: 'it is not known whether it is registered', why: miner.why })]
          : [],
      ),
    ),
  ];
};

/** What is bad fails it; what is only a warning stands beside. */
const troubled = (
  name: string,
  troubles: readonly StatusTrouble[],
  unknown: readonly string[] = [],
): JunitCase =>
  caseOf(
    name,
    troubles
      .filter(({ severity }) => severity === 'bad')
      .map((one) => ({ type: one.kind, message: one.message, text: saidLines(one) })),
    [...troubles.filter(({ severity }) => severity !== 'bad').map((one) => saidLines(one)), ...unknown],
  );
