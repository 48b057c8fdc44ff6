import { groupBy } from '../../core/group-by.ts';
import { count } from '../../core/units.ts';
import { addressesIn } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { cutWords, foldSection } from './fold-markdown.ts';
import type { Section } from './markdown.ts';
import { code, comment, htmlCode, prose } from './markdown.ts';
import { withoutMeasured, withoutOwn } from './own-words.ts';
import type { DocumentHost, PlanDocument } from './plan-document.ts';
import { foldPlan } from './plan-fold.ts';
import { planCounts } from './plan-text.ts';
import { isObstacle, shownHost } from './shown-host.ts';

/**
 * A plan as a comment: the counts, then what changes on which hosts, to be opened, then the hosts that would not be
 * touched, and why. Where it is longer than a comment may be, diffs go first, and what was cut is said. `about`: lines of
 * text below the title.
 */
export const planMarkdown = (
  plan: PlanDocument,
  { limit, about = [] }: { readonly limit?: number; readonly about?: readonly string[] } = {},
): string => {
  const { miner, role, hosts } = plan;
  const folds = foldPlan(hosts.map((host) => shownHost(host, false)));
  const same = hosts.filter(({ state }) => state === 'same').map(({ host }) => host);
  const sections = [
    ...folds
      .filter(({ items }) => items.length > 0)
      .map((fold) => foldSection(fold, '', 'could not be seen')),
    ...leftSections(hosts),
  ];
  return comment(
    {
      head: [
        `### fcops plan ${prose(role)} of ${prose(miner)}`,
        ...about.map((line) => `\n${prose(line)}`),
        ['', ...planCounts(plan).map((words) => `- ${prose(words)}`)].join('\n'),
      ].join('\n'),
      sections,
      foot: same.length === 0 ? '' : `<sub>Nothing to change on ${htmlCode(hostRanges(same))}.</sub>`,
    },
    cutWords,
    limit,
  );
};

/** Hosts that a deploy would not touch, those of one cause once. */
const leftSections = (hosts: readonly DocumentHost[]): readonly Section[] => {
  const left = hosts.filter(({ state }) => state === 'blocked' || state === 'unreachable');
  return [...groupBy(left, causeOf).values()].flatMap((alike): Section[] => {
    const [first] = alike;
    if (!first) return [];
    const reasons = reasonsOf(first);
    const names = `${alike.length === 1 ? '' : `${count(alike.length, 'host')}: `}${code(hostRanges(alike.map(({ host }) => host)))}`;
    const isOwn = new Set(alike.map((one) => reasonsOf(one).join('\n'))).size > 1;
    const head = `**${first.state}** ${names}${isOwn ? `, as ${code(first.host)} says it` : ''}`;
    return [[`${head}: ${reasons.map(prose).join('; ')}`, `${head}: ${count(reasons.length, 'reason')}`]];
  });
};

/** What hosts of one cause have in common: not their names, nor how long it took. */
const causeOf = (host: DocumentHost): string => {
  const reasons = reasonsOf(host).map((reason) =>
    withoutMeasured(withoutOwn({ host: host.host, ...addressesIn(host) })(reason)),
  );
  return JSON.stringify([host.state, reasons]);
};

const reasonsOf = ({ items, problems }: DocumentHost): readonly string[] => [
  ...problems.map(({ what, why }) => [what, why].filter(Boolean).join(': ')),
  ...items.flatMap((item) => {
    if (!isObstacle(item)) return [];
    if (item.state === 'violated') return [item.message];
    return item.state === 'unknown' ? [`${item.title} could not be seen: ${item.reason}`] : [];
  }),
];
