import { inShort } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { cutWords, foldSection } from './fold-markdown.ts';
import type { Section } from './markdown.ts';
import { code, comment, htmlCode, prose } from './markdown.ts';
import type { DiffGroupDocument, PlanDiffDocument } from './plan-diff-document.ts';
import { foldDiff, minersOf } from './plan-diff-fold.ts';
import { assumption, countWords, goneWords, movedWords, newWords, unreadWords } from './plan-diff-text.ts';
import { placedWhat } from './problem-text.ts';

/**
 * A comparison as the comment of a pull request: the counts, then what changes on which hosts, to be opened. Where it is
 * longer than a comment may be, diffs go first, then the names of what changes, and what was cut is said.
 */
export const planDiffMarkdown = (document: PlanDiffDocument, limit?: number): string => {
  const { base, role, secrets, missing } = document;
  const miners = foldDiff(document, false);
  const several = minersOf(document.groups).length > 1;
  const title = `### fcops plan ${prose(role)} against ${code(base.revision)}`;
  const counts = countWords(document).map((words) => `- ${prose(words)}`);
  const sections = minersOf(document.groups).flatMap((miner): Section[] => {
    const own = document.groups.filter((group) => group.miner === miner);
    const folds = miners.find((one) => one.miner === miner)?.folds ?? [];
    const of = several ? `${miner}: ` : '';
    return [
      ...folds.map((fold) => foldSection(fold, of, 'only the host can tell')),
      ...own.flatMap((group) => otherSection(group, of, base.revision)),
    ];
  });
  const secretRows = secrets.map(
    ({ miner, key, before, after }) =>
      `- ${several ? `${prose(miner)}: ` : ''}${prose(key)}: ${named(before)} → ${named(after)}`,
  );
  return comment(
    {
      head: [
        [title, ...(counts.length > 0 ? ['', ...counts] : [])].join('\n'),
        ...(secretRows.length > 0 ? [['**Secrets from elsewhere**', '', ...secretRows].join('\n')] : []),
        ...missing.map((directory) =>
          prose(`${base.revision} has no ${directory}: the shipped ones counted then.`),
        ),
      ].join('\n\n'),
      sections,
      foot: `<sub>${prose(assumption(document))}</sub>`,
    },
    cutWords,
    limit,
  );
};

const named = (secret: string | null): string => (secret === null ? 'none' : code(secret));

const saidProblems = ({ problems, hosts: [first] }: DiffGroupDocument): string =>
  problems
    .map((problem) => prose(inShort({ ...problem, what: placedWhat(problem, { host: first?.host ?? '' }) })))
    .join('; ');

const otherSection = (group: DiffGroupDocument, of: string, revision: string): Section[] => {
  const names = htmlCode(hostRanges(group.hosts.map(({ host }) => host)) || group.miner);
  const told = (words: string): Section[] => [[`${of}${names} — ${words}`]];
  switch (group.state) {
    case 'new':
      return told(prose(newWords(group)));
    case 'gone':
      return told(prose(goneWords(group)));
    case 'failed':
      return told(saidProblems(group));
    case 'unread':
      return told(`${prose(unreadWords(revision))}: ${saidProblems(group)}`);
    default: {
      const moved = group.hosts.flatMap((host) =>
        host.was ? [`- ${of}${prose(movedWords(host, group.miner))}`] : [],
      );
      return moved.length === 0
        ? []
        : [[moved.join('\n'), `- ${of}${count(moved.length, 'host')} with another name or address`]];
    }
  }
};
