import { groupBy } from '../../core/group-by.ts';
import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { printable, wrap } from '../text/width.ts';
import type { VerifyDocument } from './verify-document.ts';
import { fineLines } from './verify-fine.ts';
import type { VerifyTextOptions } from './verify-wrong.ts';
import { besideLines, wrongLines } from './verify-wrong.ts';

/** A verification as lines: how much is right, what is not, by name, then a line a role and sort of check. */
export const verifyLines = (document: VerifyDocument, options: VerifyTextOptions): string[] => {
  const { paint, width } = options;
  const wrong = [...wrongLines(document, options), ...besideLines(document, options)];
  const seen = document.hosts.filter(({ state }) => state === 'seen');
  const sections = [...groupBy(seen, ({ roles }) => roles.join(' + ')).entries()];
  return [
    ...wrap(`${paint.strong(document.miner)}: ${verifySummary(document)}`, width, 2),
    ...(wrong.length > 0 ? ['', ...wrong] : []),
    ...sections.flatMap(([roles, hosts]) => {
      const names = hostRanges(hosts.map(({ host }) => host));
      const head = `${paint.strong(roles)}  ${paint.quiet(`${count(hosts.length, 'host')}: ${printable(names)}`)}`;
      return ['', ...wrap(head, width, 2), ...fineLines(hosts, options)];
    }),
  ];
};

/** `26 hosts, 3 of 1210 checks are off, 1 is unknown` */
export const verifySummary = ({ right, counts }: VerifyDocument): string => {
  const { hosts, pending, checks, off, unknown } = counts;
  const are = (number: number) => (number === 1 ? 'is' : 'are');
  const wrong = [
    ...(off > 0 ? [`${off} ${are(off)} off`] : []),
    ...(unknown > 0 ? [`${unknown} ${are(unknown)} unknown`] : []),
  ];
  return [
    count(hosts, 'host'),
    ...(pending > 0 ? [`${pending} not looked at yet`] : []),
    right
      ? `all ${checks} checks are right`
      : wrong.length > 0
        ? `of ${count(checks, 'check')} ${wrong.join(' and ')}`
        : `${count(checks, 'check')} right`,
  ].join(', ');
};
