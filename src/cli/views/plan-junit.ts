import { momentOf } from '../../core/moment.ts';
import type { JunitCase } from './junit.ts';
import { detailLines, junit, problemsCase, saidLines } from './junit.ts';
import type { DocumentHost, DocumentItem, PlanDocument } from './plan-document.ts';

/**
 * A plan as JUnit XML: a suite a host, a case for each thing that is not as required. What differs, what is owed and a check
 * that failed are failures; what could not be seen, and a host that nobody can look at, are errors.
 */
export const planJunit = ({ miner, role, hosts }: PlanDocument, now: Date): string =>
  junit(
    `fcops plan ${role} of ${miner}`,
    momentOf(now.getTime() / 1000) ?? '',
    hosts.map((host) => ({ name: host.host, cases: casesOf(host) })),
  );

const casesOf = ({ host, items, problems, same }: DocumentHost): readonly JunitCase[] => {
  if (problems.length > 0) return [problemsCase(problems, host)];
  return [{ name: 'plan', out: `${same} resources are as required` }, ...items.map(caseOf)];
};

const caseOf = (item: DocumentItem): JunitCase => {
  const { title, kind } = item;
  const failing = (message: string, text: string, name = title): JunitCase => ({
    name,
    bad: { element: 'failure', type: kind, message, text },
  });
  switch (item.state) {
    case 'change': {
      const message = `to ${item.action}: ${title}`;
      return failing(message, [message, ...detailLines(item.details)].join('\n'));
    }
    case 'unknown':
      return { name: title, bad: { element: 'error', type: kind, message: item.reason, text: item.reason } };
    case 'violated':
      return failing(item.message, saidLines(item));
    case 'reboot':
      return failing(item.reason, item.reason, `reboot for ${title}`);
    case 'restart':
      return failing(`${item.process} owes a restart`, item.reasons.join('\n'), `restart ${item.process}`);
    case 'idle':
      return { name: 'processes', skipped: true, out: `none runs: ${item.processes.join(', ')}` };
  }
};
