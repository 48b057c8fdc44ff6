import { groupBy } from '../../core/group-by.ts';
import type { CheckKind } from '../../ops/verify/check.ts';
import type { Paint } from '../text/paint.ts';
import { padEnd, printable, wrap } from '../text/width.ts';
import { SYMBOLS } from './item-text.ts';
import type { VerifyCheck, VerifyHost } from './verify-document.ts';

interface Row {
  readonly name: string;
  readonly text: string;
  readonly checks: readonly VerifyCheck[];
}

/** A line a sort of check about some hosts: how many of them are right. */
export const fineLines = (
  hosts: readonly VerifyHost[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string[] => {
  const checks = hosts.flatMap((host) => host.checks);
  const of = (kind: CheckKind) => checks.filter((check) => check.kind === kind);
  const rows: readonly Row[] = [
    { name: 'processes', text: processText(hosts), checks: of('process') },
    { name: 'ports', text: rightOf(of('port'), 'listened on'), checks: of('port') },
    { name: 'registered', text: registeredText(hosts, of('registration')), checks: of('registration') },
    { name: 'huge pages', text: rightOf(of('hugepages'), 'NUMA nodes'), checks: of('hugepages') },
    { name: 'GPUs', text: gpuText(of('gpu')), checks: of('gpu') },
    { name: 'mounts', text: rightOf(of('mount'), 'as they should be'), checks: of('mount') },
    { name: 'data', text: rightOf(of('data'), 'there'), checks: of('data') },
    { name: 'backups', text: rightOf(of('backup'), 'new enough'), checks: of('backup') },
    { name: 'clock', text: clockText(hosts, of('clock')), checks: of('clock') },
  ];
  const lines = rows.flatMap(({ name, text, checks: own }) => {
    if (own.length === 0) return [];
    const line = (mark: string) => `  ${mark} ${padEnd(name, 10)}  ${text}`;
    const isOff = own.some(({ result }) => result === 'off');
    const isRight = own.every(({ result }) => result === 'ok');
    return wrap(line(isRight ? ' ' : isOff ? paint.bad('!') : paint.careful('?')), width, 14);
  });
  return [...lines, ...lessLines(hosts, { paint, width })];
};

/** Machines that run with less for a while, by name: that is right, and nobody is to forget it. */
const lessLines = (
  hosts: readonly VerifyHost[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string[] =>
  hosts.flatMap(({ host, checks }) =>
    checks
      .filter(({ kind, result }) => kind === 'overrides' && result === 'ok')
      .flatMap(({ message }) =>
        wrap(`  ${paint.careful(SYMBOLS.warn.sign)} ${printable(host)}: ${printable(message)}`, width, 4),
      ),
  );

const rightIn = (checks: readonly VerifyCheck[]): number =>
  checks.filter(({ result }) => result === 'ok').length;

const rightOf = (checks: readonly VerifyCheck[], words: string): string =>
  `${rightIn(checks)} of ${checks.length} ${words}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** `383 of 384 run: APx × 24, P1 × 335 of 336, P2 × 24` */
const processText = (hosts: readonly VerifyHost[]): string => {
  const groups = hosts.flatMap((host) => host.groups);
  const wanted = sum(groups.map((group) => group.wanted));
  const running = sum(groups.map((group) => group.running));
  return `${running} of ${wanted} ${running === 1 ? 'runs' : 'run'}${byGroup(hosts, ({ running: own }) => own)}`;
};

const registeredText = (hosts: readonly VerifyHost[], checks: readonly VerifyCheck[]): string => {
  const workers = hosts.flatMap((host) => host.groups).filter(isWorkers);
  const known = workers.flatMap(({ registered }) => registered ?? []);
  if (known.length < workers.length) return rightOf(checks, 'known to be registered');
  const wanted = sum(workers.map((group) => group.wanted));
  return `${sum(known)} of ${wanted}${byGroup(hosts, ({ registered }) => registered)}`;
};

const isWorkers = ({ role }: VerifyHost['groups'][number]): boolean => role !== 'miner';

const byGroup = (
  hosts: readonly VerifyHost[],
  having: (group: VerifyHost['groups'][number]) => number | null,
): string => {
  const groups = [
    ...groupBy(
      hosts.flatMap((host) => host.groups),
      ({ group }) => group,
    ).entries(),
  ];
  if (groups.length < 2) return '';
  const texts = groups.flatMap(([name, ones]) => {
    const counted = ones.flatMap((one) => having(one) ?? []);
    const wanted = sum(ones.map((one) => one.wanted));
    const has = sum(counted);
    if (counted.length === 0) return [];
    return [has === wanted ? `${name} × ${wanted}` : `${name} × ${has} of ${wanted}`];
  });
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
};

/** Cards, where they are told one by one. */
const gpuText = (checks: readonly VerifyCheck[]): string => {
  const cards = checks.filter(({ name }) => name.startsWith('GPU '));
  return cards.length > 0 ? rightOf(cards, 'answer') : rightOf(checks, 'as they should be');
};

/** `24 of 24 right, at most 12 ms apart from this machine's` */
const clockText = (hosts: readonly VerifyHost[], checks: readonly VerifyCheck[]): string => {
  const offsets = hosts.flatMap(({ clock }) => (clock ? [Math.abs(clock.offset) + clock.uncertainty] : []));
  const text = rightOf(checks, 'right');
  return rightIn(checks) === checks.length && offsets.length > 0
    ? `${text}, at most ${Math.max(...offsets)} ms off`
    : text;
};
