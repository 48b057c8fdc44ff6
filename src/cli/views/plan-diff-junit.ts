import { momentOf } from '../../core/moment.ts';
import type { JunitCase, JunitSuite } from './junit.ts';
import { detailLines, junit, problemsCase, problemsText, saidLines } from './junit.ts';
import type { DiffGroupDocument, DiffItemDocument, PlanDiffDocument } from './plan-diff-document.ts';
import { assumption } from './plan-diff-text.ts';

/**
 * A comparison as JUnit XML: a suite a host, a case for each thing that changes. A change is no failure; a requirement
 * that is not met is one, and what only the host can tell is skipped. What stands behind all of it is said in the first suite.
 */
export const planDiffJunit = (document: PlanDiffDocument, now: Date): string => {
  const { base, role, groups } = document;
  const at = momentOf(now.getTime() / 1000) ?? '';
  const [first, ...others] = groups.flatMap((group): JunitSuite[] => {
    const cases = casesOf(group);
    // A cluster that is gone has no host that its mistake could be told of.
    if (group.hosts.length === 0) return [{ name: group.miner, cases }];
    return group.hosts.map(({ host }) => ({ name: `${group.miner} ${host}`, cases }));
  });
  const suites = first ? [{ ...first, out: assumption(document) }, ...others] : [];
  return junit(`fcops plan ${role} --base ${base.revision}`, at, suites);
};

const casesOf = ({
  state,
  hosts: [first],
  items,
  left,
  added,
  resources,
  problems,
}: DiffGroupDocument): readonly JunitCase[] => {
  switch (state) {
    case 'failed':
      return [problemsCase(problems, first?.host ?? '')];
    case 'unread':
      return [{ name: 'plan', skipped: true, out: problemsText(problems, first?.host ?? '') }];
    case 'same':
      return [{ name: 'plan', out: 'nothing changes' }];
    case 'new':
      return [{ name: 'new host', out: resources.map(({ kind, count }) => `${count} ${kind}`).join('\n') }];
    case 'gone':
      return [{ name: 'gone', out: 'nothing is done to it any more' }];
    default:
      return [
        ...items.map(itemCase),
        ...added.map((name) => ({ name: `start ${name}`, out: 'it is to run from now on' })),
        ...left.map((name) => ({ name: `no longer managed: ${name}`, out: 'it stays on the host' })),
      ];
  }
};

const itemCase = (item: DiffItemDocument): JunitCase => {
  switch (item.state) {
    case 'change': {
      const details = detailLines(item.details);
      return { name: `${item.action} ${item.title}`, ...(details.length > 0 && { out: details.join('\n') }) };
    }
    case 'unknown':
      return { name: item.title, skipped: true, out: item.reason };
    case 'violated':
      return item.severity === 'enforce'
        ? {
            name: item.title,
            bad: { element: 'failure', type: item.kind, message: item.message, text: saidLines(item) },
          }
        : { name: item.title, out: saidLines(item) };
    case 'reboot':
      return { name: `reboot for ${item.title}`, out: item.reason };
    case 'restart':
      return { name: `restart ${item.process}`, out: item.reasons.join('\n') };
  }
};
