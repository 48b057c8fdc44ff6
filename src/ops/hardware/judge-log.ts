import { momentOf } from '../../core/moment.ts';
import type { HardwareFinding, HardwarePart } from './finding.ts';
import { broken, notKnown, suspect } from './finding.ts';
import type { LogCategory, LogGroup } from './kernel-log.ts';
import { isDefect, isNoteworthy, meaningOfGroup, xidOf } from './kernel-log.ts';
import type { HardwareSeen } from './seen.ts';

const ABOUT: Readonly<Record<LogCategory, readonly [part: HardwarePart, words: string]>> = {
  xid: ['gpu', 'Xid'],
  'gpu driver': ['gpu', 'the NVIDIA driver could not use a GPU'],
  'memory wrong': ['memory', 'memory errors that could not be corrected'],
  'memory corrected': ['memory', 'memory errors that were corrected'],
  'machine check': ['cpu', 'machine check of a CPU or its memory'],
  nvme: ['disk', 'an NVMe disk did not answer or was reset'],
  disk: ['disk', 'a disk failed to read or write'],
  raid: ['raid', 'an array lost a disk'],
  'file system': ['disk', 'a file system failed to read or write'],
  link: ['network', 'a network link went down'],
  'pcie wrong': ['bus', 'PCIe errors that could not be corrected'],
  'pcie corrected': ['bus', 'PCIe errors that were corrected'],
  heat: ['machine', 'too hot'],
  hung: ['machine', 'tasks or CPUs hung'],
};

/** `Xid 79 of GPU 0000:21:00.0 (the GPU has fallen off the bus …)`, `an array lost a disk (md0)` */
export const groupText = (group: LogGroup): string => {
  const xid = group.category === 'xid' ? xidOf(group) : null;
  const meaning = meaningOfGroup(group);
  if (xid) return `Xid ${xid.number} of GPU ${xid.address}${meaning === null ? '' : ` (${meaning})`}`;
  const [, words] = ABOUT[group.category];
  return group.about === '' ? words : `${words} (${group.about})`;
};

/**
 * What the kernel has said of hardware: of this start of it, and of those before as far as they are kept. `dead`: GPUs of
 * which that is known.
 */
export const judgeLog = (
  { log, boot }: Pick<HardwareSeen, 'log' | 'boot'>,
  dead: ReadonlySet<string> = new Set(),
): HardwareFinding[] => {
  if (log.type === 'unknown')
    return [notKnown('machine', `what the kernel has said of its hardware is not known: ${log.why}`)];
  return log.value.groups.filter(isNoteworthy).map((group) => {
    const { at, text } = group.last;
    // Before that it may have been put right: a card that is well after a start is told of, and no more.
    const isNow = at !== null && boot !== null && at >= boot - CLOCK_STEP;
    const when = at === null ? null : momentOf(at);
    const times = group.count === 1 ? 'once' : `${group.count} times, last`;
    const what = `${groupText(group)}: ${times}${when === null ? '' : ` ${when}`}`;
    const [part] = ABOUT[group.category];
    const isDead = group.category === 'xid' && dead.has(xidOf(group)?.address ?? '');
    return isDefect(group) && isNow && !isDead ? broken(part, what, [text]) : suspect(part, what, [text]);
  });
};

/** Seconds: a clock is set in the first moments of a start, and lines of before have the old time. */
const CLOCK_STEP = 5;
