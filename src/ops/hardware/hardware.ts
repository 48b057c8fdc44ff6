import type { Session } from '../../engine/session.ts';
import { hardwareQuery } from './ask.ts';
import type { HardwareExpected } from './expected.ts';
import type { HardwareFinding } from './finding.ts';
import { HARDWARE_PARTS } from './finding.ts';
import { judgeDisks } from './judge-disks.ts';
import { deadGpus, judgeGpus } from './judge-gpus.ts';
import { judgeLog } from './judge-log.ts';
import { judgeMemory } from './judge-memory.ts';
import { judgeNics } from './judge-nics.ts';
import type { HardwareSeen } from './seen.ts';

/** What whoever mends a machine needs to know of it (handbook 4.2). */
export interface HardwareReport {
  readonly seen: HardwareSeen;
  readonly expected: HardwareExpected;
  /** What is broken, then what may be, then what is not known. */
  readonly findings: readonly HardwareFinding[];
}

/**
 * Asks a host for its hardware, in one trip. `mask`: what of its log and of what programs print may be shown. Rejects with
 * an FcopsError where it cannot be asked.
 */
export const askHardware = async (
  session: Pick<Session, 'ask'>,
  expected: HardwareExpected,
  mask: (text: string) => string,
): Promise<HardwareReport> => {
  const { ownDisks } = expected;
  const seen = await session.ask(hardwareQuery(ownDisks === null ? [] : [ownDisks], mask));
  return { seen, expected, findings: judgeHardware(seen, expected) };
};

const STATES: readonly HardwareFinding['state'][] = ['broken', 'suspect', 'unknown'];

/** What of a machine is broken, may be, or is not known. Pure. */
export const judgeHardware = (seen: HardwareSeen, expected: HardwareExpected): readonly HardwareFinding[] =>
  [
    ...judgeMemory(seen, expected),
    ...judgeGpus(seen, expected),
    ...judgeDisks(seen, expected),
    ...judgeNics(seen),
    ...judgeLog(seen, deadGpus(seen, expected)),
  ].toSorted(
    (a, b) =>
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      HARDWARE_PARTS.indexOf(a.part) - HARDWARE_PARTS.indexOf(b.part),
  );

/** Whether anything of it is missing or does not work: no reason to start anything. */
export const isBroken = ({ findings }: HardwareReport): boolean =>
  findings.some(({ state }) => state === 'broken');
