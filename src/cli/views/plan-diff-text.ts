import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { painter } from '../text/paint.ts';
import { wrap } from '../text/width.ts';
import type { DiffGroupDocument, PlanDiffDocument } from './plan-diff-document.ts';
import { foldDiff } from './plan-diff-fold.ts';
import { actionCounts, foldLines, legend } from './plan-text.ts';
import { problemLines } from './problem-text.ts';

export interface PlanDiffTextOptions {
  readonly colour: boolean;
  readonly width: number;
  /** New files and long diffs as a whole, and nothing put together that is alike on one host. */
  readonly full: boolean;
}

/** A comparison as people read it: what changes where, each difference once, the counts at the end. */
export const planDiffText = (document: PlanDiffDocument, options: PlanDiffTextOptions): string => {
  const { width, full } = options;
  const paint = painter(options.colour);
  const miners = foldDiff(document, full);
  const several = miners.length > 1;
  return [
    ...legend(
      miners.flatMap(({ folds }) => folds),
      width,
      paint,
    ),
    ...miners.flatMap(({ miner, folds }) => {
      const lines = [
        ...folds.flatMap((fold) => foldLines(fold, { width, full, since: () => '' }, paint)),
        ...otherLines(
          document.groups.filter((group) => group.miner === miner),
          document.base.revision,
          width,
          paint,
        ),
        ...secretLines(document, miner, width, paint),
      ];
      return several && lines.length > 0 ? [paint.strong(miner), '', ...lines] : lines;
    }),
    ...document.missing.flatMap((directory) =>
      wrap(`${document.base.revision} has no ${directory}: the shipped ones counted then`, width, 2),
    ),
    ...wrap(`${paint.strong('Plan:')} ${countWords(document).join('; ')}`, width, 6),
    ...wrap(paint.quiet(assumption(document)), width, 2),
    '',
  ].join('\n');
};

/** What stands behind all that is said. */
export const assumption = ({ base: { revision, commit } }: PlanDiffDocument): string =>
  `Compared with ${revision} (${commit.slice(0, 12)}). No host was asked: each is taken for one that is as that revision says, with its processes running.`;

/** The counts, each in words, the weightiest first. */
export const countWords = ({ counts, secrets }: PlanDiffDocument): readonly string[] => {
  const some = (number: number, words: string) => (number > 0 ? [words] : []);
  const changes = actionCounts(counts);
  return [
    ...some(
      counts.changing,
      `${count(counts.changing, 'host')} changed${changes === '' ? '' : `: ${changes}`}`,
    ),
    ...some(counts.new, `${count(counts.new, 'new host')}`),
    ...some(counts.gone, `${count(counts.gone, 'host')} gone`),
    ...some(counts.unknown, `${count(counts.unknown, 'host')} of which only the host can tell`),
    ...some(counts.unread, `${count(counts.unread, 'host')} of which it is not known what changes`),
    ...some(
      counts.unreadClusters,
      `${count(counts.unreadClusters, 'cluster')} of which it is not known what changes`,
    ),
    ...some(counts.failed, `${count(counts.failed, 'host')} that cannot be worked out`),
    ...some(counts.reboot, `${count(counts.reboot, 'host')} to reboot`),
    ...some(counts.restart, `${count(counts.restart, 'process', 'processes')} to restart`),
    ...some(counts.added, `${count(counts.added, 'process', 'processes')} to start`),
    ...some(counts.violated, `${count(counts.violated, 'requirement')} not met`),
    ...some(secrets.length, `${count(secrets.length, 'secret')} from elsewhere`),
    ...some(
      counts.same,
      counts.same === counts.hosts
        ? `nothing changes on ${count(counts.same, 'host')}`
        : `${count(counts.same, 'host')} unchanged`,
    ),
    ...(counts.hosts + counts.unreadClusters === 0 ? ['no host'] : []),
  ];
};

const otherLines = (
  groups: readonly DiffGroupDocument[],
  revision: string,
  width: number,
  paint: Paint,
): string[] => {
  const why = ({ problems, hosts: [first] }: DiffGroupDocument): string[] =>
    problems.flatMap((problem) =>
      problemLines(problem, { paint, known: { host: first?.host ?? '' }, width: width - 4 }).map(
        (line) => `    ${line}`,
      ),
    );
  const lines = groups.flatMap((group): string[] => {
    const names = hostRanges(group.hosts.map(({ host }) => host));
    switch (group.state) {
      case 'new':
        return wrap(`${paint.good('+')} ${paint.strong(names)}  ${newWords(group)}`, width, 4);
      case 'gone':
        return wrap(`${paint.bad('-')} ${paint.strong(names)}  ${goneWords(group)}`, width, 4);
      case 'failed':
        return [...wrap(`${paint.bad('!')} ${paint.strong(names)}`, width, 4), ...why(group)];
      case 'unread':
        return [
          ...wrap(
            `${paint.careful('?')} ${paint.strong(names || group.miner)}  ${unreadWords(revision)}`,
            width,
            4,
          ),
          ...why(group),
        ];
      default:
        return group.hosts.flatMap((one) =>
          one.was ? wrap(`${paint.careful('~')} ${movedWords(one, group.miner)}`, width, 4) : [],
        );
    }
  });
  const same = groups.filter(({ state }) => state === 'same').flatMap(({ hosts }) => hosts);
  return [
    ...(lines.length > 0 ? [...lines, ''] : []),
    ...(same.length > 0
      ? [
          ...wrap(
            `${paint.strong(hostRanges(same.map(({ host }) => host)))}  ${paint.good('nothing changes')}`,
            width,
            2,
          ),
          '',
        ]
      : []),
  ];
};

/** What becomes of hosts that nobody names any more. */
export const goneWords = ({ hosts }: Pick<DiffGroupDocument, 'hosts'>): string => {
  const them = hosts.length === 1 ? 'it' : 'them';
  return `no longer in the inventory, or of another role: nothing is done to ${them}, and what is on ${them} stays`;
};

/** Where nobody can tell what hosts were to be. */
export const unreadWords = (revision: string): string =>
  `what changes is not known: in ${revision} there is a mistake`;

const NAMED_KINDS: Readonly<Record<string, readonly [string, string]>> = {
  file: ['file', 'files'],
  directory: ['directory', 'directories'],
  process: ['process', 'processes'],
};

/** `new: everything is put on each (26 files, 21 directories, 16 processes, 16 others)` */
export const newWords = ({ hosts, resources }: DiffGroupDocument): string => {
  const named = resources.flatMap(({ kind, count: number }) => {
    const words = NAMED_KINDS[kind];
    return words ? [count(number, ...words)] : [];
  });
  const others = resources.reduce((sum, one) => sum + (NAMED_KINDS[one.kind] ? 0 : one.count), 0);
  const all = [...named, ...(others > 0 ? [count(others, 'other')] : [])];
  return `new: everything is put on ${hosts.length === 1 ? 'it' : 'each'}${all.length === 0 ? '' : ` (${all.join(', ')})`}`;
};

type Host = DiffGroupDocument['hosts'][number];

/** What is another one of a machine than before: its name, its address, whose it is. */
export const movedWords = ({ host, address, was }: Host, miner: string): string => {
  if (!was) return '';
  return [
    `${host}:`,
    [
      ...(was.host === host ? [] : [`it was called ${was.host}`]),
      ...(was.address === address
        ? []
        : [`its address was ${was.address}, and is ${address}; taken for the same machine`]),
      ...(was.miner === miner ? [] : [`it was a host of ${was.miner}; fcops adopt takes it over`]),
    ].join('; '),
  ].join(' ');
};

const secretLines = ({ secrets }: PlanDiffDocument, miner: string, width: number, paint: Paint): string[] => {
  const own = secrets.filter((one) => one.miner === miner);
  if (own.length === 0) return [];
  return [
    paint.strong('Secrets'),
    ...own.flatMap(({ key, before, after }) =>
      wrap(`  ${key}: ${before ?? 'none'} -> ${after ?? 'none'}`, width, 4),
    ),
    '',
  ];
};
