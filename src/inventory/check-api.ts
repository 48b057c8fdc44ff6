import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import type { Checking } from './checking.ts';

const STATED = ['address', 'token'] as const;

const EXAMPLES = {
  address: 'address: /ip4/192.168.10.1/tcp/2345/http',
  token: 'token: { env: NAME }',
} as const;

/** The miner's API is stated, address and token, or read from the miner host; and that host is there then. */
export const checkApi = ({ hosts, valuePlace, isWritten }: Checking): readonly Problem[] => {
  if (!isWritten(['api'])) return [];
  if (!isWritten(['api', 'from'])) return missing(valuePlace, isWritten);
  const both = STATED.filter((key) => isWritten(['api', key])).map(
    (key): Problem => ({
      kind: 'inventory',
      what: `\`api.${key}\` is stated, and \`api.from\` says that it is read from the miner`,
      where: valuePlace(['api', key]),
      next: [edit('remove one of the two')],
    }),
  );
  // A role that is written wrong may be the one.
  const mayHaveMiner = hosts.some(
    ({ index, roles }) =>
      roles.some(({ role }) => role === 'miner') || !isWritten(['hosts', index, 'roles', 0]),
  );
  if (mayHaveMiner) return both;
  return [
    ...both,
    {
      kind: 'inventory',
      what: '`api.from` is miner, and no host has the role miner',
      where: valuePlace(['api', 'from']),
      next: [edit('add the miner host, or state `address` and `token` of its API')],
    },
  ];
};

const missing = (
  valuePlace: Checking['valuePlace'],
  isWritten: Checking['isWritten'],
): readonly Problem[] => {
  const left = STATED.filter((key) => !isWritten(['api', key]));
  if (left.length === STATED.length)
    return [
      {
        kind: 'inventory',
        what: '`api` says nothing of the API',
        where: valuePlace(['api']),
        next: [edit('add `from: miner`, or `address` and `token`')],
      },
    ];
  return left.map((key) => ({
    kind: 'inventory',
    what: `\`api.${key}\` is missing`,
    where: valuePlace(['api']),
    next: [edit(`add \`${EXAMPLES[key]}\``)],
  }));
};
