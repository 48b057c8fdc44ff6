import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { cutWords, foldSection } from './fold-markdown.ts';
import type { Section } from './markdown.ts';
import { code, comment, htmlCode, prose } from './markdown.ts';
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
    ...hosts.flatMap(leftSection),
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

/** A host that a deploy would not touch. */
const leftSection = ({ host, state, items, problems }: DocumentHost): Section[] => {
  if (state !== 'blocked' && state !== 'unreachable') return [];
  const reasons = [
    ...problems.map(({ what, why }) => [what, why].filter(Boolean).join(': ')),
    ...items.flatMap((item) => {
      if (!isObstacle(item)) return [];
      if (item.state === 'violated') return [item.message];
      return item.state === 'unknown' ? [`${item.title} could not be seen: ${item.reason}`] : [];
    }),
  ];
  const head = `**${state}** ${code(host)}`;
  return [[`${head}: ${reasons.map(prose).join('; ')}`, `${head}: ${count(reasons.length, 'reason')}`]];
};
