import type { Size } from '../../engine/batches.ts';
import type { RunRecord } from '../../engine/runs/record.ts';
import { keysIn, versionNames } from '../../ops/upgrade/programs.ts';
import { OWN_BATCHES } from '../own-batches.ts';
import { hostRanges } from '../text/host-ranges.ts';

type Asked = Pick<RunRecord, 'operation' | 'request'>;

/** `deploy p1 of f0494733`; what applies a saved plan, or recovers a machine, goes by that name. */
export const whatOf = ({ operation, request }: Asked): string => {
  const { role, miner, saved, upgrade, reboot, otherToken } = request;
  if (otherToken) return `rotate the token of ${miner}`;
  if (upgrade) {
    const keys = keysIn(upgrade);
    return `upgrade ${keys.length === 1 ? keys.join() : role} of ${miner}`;
  }
  const name = saved ? 'apply' : reboot?.hardware ? 'recover' : operation;
  return `${name} ${role} of ${miner}`;
};

/** What was asked for, with the options that it was asked for with. */
export const askedText = (record: Asked): string => {
  const { operation, request } = record;
  const { limit, tags, start, processes, killAfter, upgrade, reboot, preflight } = request;
  return [
    whatOf(record),
    ...(upgrade ? [`to ${versionNames(upgrade)}`] : []),
    ...option('--limit', limit),
    ...(tags.length > 0 ? [`--tags ${tags.join(',')}`] : []),
    ...option('--process', processes && hostRanges(processes).replaceAll(', ', ',')),
    // Of the others that start something it is no option.
    ...(operation === 'deploy' && start ? ['--start'] : []),
    ...(operation === 'deploy' && reboot ? ['--reboot'] : []),
    ...batchText(record),
    ...stopText(record),
    ...option('--kill-after', spanText(killAfter)),
    // Who recovers a machine is not asked.
    ...(preflight === false && !reboot?.hardware ? ['--no-preflight'] : []),
  ].join(' ');
};

const option = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`${name} ${value}`];

/** Its batches, and how many may fail, where that is not what its command does by itself. */
const batchText = ({ operation, request: { batches, maxFail } }: Asked): string[] => {
  // All of its hosts at once, whatever becomes of them: it has no such options.
  if (operation === 'rollback') return [];
  const sizes = sizesText(batches);
  return [
    // Of a recovery it is one host, and there are none.
    ...(sizes === '' || sizes === sizesText(OWN_BATCHES[operation] ?? []) ? [] : [`--batch ${sizes}`]),
    ...(sizeText(maxFail) === '0' ? [] : [`--max-fail ${sizeText(maxFail)}`]),
  ];
};

const sizesText = (sizes: readonly Size[]): string => sizes.map(sizeText).join(',');

const sizeText = (size: Size): string => ('hosts' in size ? `${size.hosts}` : `${size.percent}%`);

const stopText = ({ operation, request: { stop, otherToken } }: Asked): string[] => {
  if (!stop) return [];
  const { loseTasks, drain, drainTimeout, window, downtime } = stop;
  // Both wait for all tasks by themselves.
  const waits = operation === 'upgrade' || otherToken === true;
  return [
    ...(loseTasks ? ['--lose-tasks'] : []),
    ...(drain === 'finalize' ? ['--drain finalize'] : drain === 'all' && !waits ? ['--drain'] : []),
    ...option('--drain-timeout', spanText(drainTimeout)),
    ...option('--downtime', spanText(downtime)),
    ...(window === 'wait' ? ['--wait-for-window'] : []),
    ...(window === 'ignore' ? ['--ignore-proving-window'] : []),
  ];
};

/** Seconds as options have them: `90s`, `10m`, `2h`. */
const spanText = (seconds: number | undefined): string | undefined => {
  if (seconds === undefined) return undefined;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
};
