import { groupBy } from '../../core/group-by.ts';
import { count } from '../../core/units.ts';
import { CHECKS } from '../../ops/preflight/finding.ts';
import { addressesIn } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap, wrapAround } from '../text/width.ts';
import { failureLines } from './failures.ts';
import { SYMBOLS } from './item-text.ts';
import type { PreflightDocument, PreflightFinding, PreflightHostDocument } from './preflight-document.ts';
import { paragraph } from './problem-text.ts';

export interface PreflightTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
}

/** A preflight as lines: how many are ready, what is off, what may be, and what is fine in one line. */
export const preflightLines = (document: PreflightDocument, options: PreflightTextOptions): string[] => {
  const { paint, width } = options;
  const unseen = document.hosts.filter(({ state }) => state === 'unseen');
  const findings = findingLines(document.hosts, options);
  const failures = failureLines(
    unseen.map(({ problems, ...one }) => ({
      host: one.host,
      ...addressesIn(one),
      state: 'not asked',
      problems,
    })),
    { paint, width },
  );
  return [
    ...wrap(`${paint.strong(document.miner)}: ${summary(document)}`, width, 2),
    ...(findings.length > 0 ? ['', ...findings] : []),
    ...failures,
    ...fineLines(document.hosts, options),
  ];
};

const summary = ({ counts: { hosts, ready, unsure, off, unseen } }: PreflightDocument): string => {
  const known =
    unsure === 0 ? '' : unsure === ready ? ' as far as is known' : `, ${unsure} of them as far as is known`;
  if (ready === hosts) return `${hosts === 1 ? 'its host is' : `all ${hosts} hosts are`} ready${known}`;
  return [
    `${ready} of ${count(hosts, 'host')} ${ready === 1 ? 'is' : 'are'} ready${known}`,
    ...(off > 0 ? [`${off} would fail`] : []),
    ...(unseen > 0 ? [`${unseen} could not be asked`] : []),
  ].join(', ');
};

const WORST: readonly PreflightFinding['state'][] = ['off', 'warn', 'unknown'];

type Told = PreflightFinding & { readonly host: string };

/** What is not fine, the worst first; what is alike once, with all of its hosts. */
const findingLines = (
  hosts: readonly PreflightHostDocument[],
  { paint, width }: PreflightTextOptions,
): string[] => {
  const told = hosts.flatMap(({ host, findings }) =>
    findings
      .filter(({ state, quiet }) => state !== 'ok' && !quiet)
      .map((finding): Told => ({ ...finding, host })),
  );
  const groups = [...groupBy(told, likeness).values()].toSorted(([a], [b]) => rank(a) - rank(b));
  return groups.flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { state, message, why, next, commands = [] } = first;
    const names = hostRanges([...new Set(group.map(({ host }) => host))]);
    const own = new Set(group.map((one) => one.message)).size > 1 ? `, as ${first.host} says it` : '';
    const sign = signOf(state, paint);
    return [
      ...wrap(`${sign} ${paint.strong(printable(names))}${own}: ${printable(message)}`, width, 2),
      ...(why === undefined ? [] : paragraph('    why: ', why, width)),
      ...(next === undefined || state === 'unknown'
        ? []
        : wrapAround(`    next: ${printable(next)}`, commands.map(printable), width, 10)),
    ];
  });
};

const rank = (finding: Told | undefined): number =>
  finding ? WORST.indexOf(finding.state) * CHECKS.length + CHECKS.indexOf(finding.check) : 0;

const signOf = (state: PreflightFinding['state'], paint: Paint): string => {
  if (state === 'off') return paint.bad(SYMBOLS.enforce.sign);
  return paint.careful(state === 'warn' ? SYMBOLS.warn.sign : SYMBOLS.unknown.sign);
};

/** What the same cause has in common: not what was measured, nor the numbers of processes. */
const likeness = ({ state, check, message, why }: Told): string => {
  const measured = check === 'clock' || check === 'cores' ? /\d+(?:[.,-]\d+)*/g : /(?<=process )\d+/g;
  return JSON.stringify([state, check, message.replace(measured, '\u0000'), why]);
};

/** Checks as they are called where they are fine. */
const CALLED: Readonly<Record<PreflightFinding['check'], string>> = {
  names: 'names',
  api: "miner's port",
  token: 'token',
  artifacts: 'archives',
  packages: 'packages',
  clock: 'clock',
  address: 'address to listen on',
  ports: 'ports',
  cores: 'cores',
};

/** What is fine, in one line for all hosts of which the same is. */
const fineLines = (
  hosts: readonly PreflightHostDocument[],
  { paint, width }: PreflightTextOptions,
): string[] => {
  const fine = hosts.flatMap(({ host, findings }) => {
    const checks = CHECKS.filter((check) => {
      const own = findings.filter((one) => one.check === check);
      return own.length > 0 && own.every(({ state }) => state === 'ok');
    });
    return checks.length === 0 ? [] : [{ host, checks: checks.map((check) => CALLED[check]).join(', ') }];
  });
  const groups = [...groupBy(fine, ({ checks }) => checks)];
  if (groups.length === 0) return [];
  return [
    '',
    ...groups.flatMap(([checks, ones]) =>
      wrap(
        `${paint.good('fine')}: ${checks}: ${printable(hostRanges(ones.map(({ host }) => host)))}`,
        width,
        2,
      ),
    ),
  ];
};
