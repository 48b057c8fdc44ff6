/** What parts of a machine are told of, in this order. */
export const HARDWARE_PARTS = ['memory', 'gpu', 'disk', 'raid', 'network', 'cpu', 'bus', 'machine'] as const;
export type HardwarePart = (typeof HARDWARE_PARTS)[number];

/** Something of a machine that is not as it should be, or that nobody can tell. */
export interface HardwareFinding {
  readonly part: HardwarePart;
  /**
   * `broken`: it is missing, or does not work now; `suspect`: it works now, and something tells that it may not for long;
   * `unknown`: nobody can tell.
   */
  readonly state: 'broken' | 'suspect' | 'unknown';
  /** With what whoever goes to the machine needs: slot, serial number. */
  readonly what: string;
  /** What it is concluded from: lines of the kernel's log. */
  readonly evidence?: readonly string[];
}

export const broken = (part: HardwarePart, what: string, evidence?: readonly string[]): HardwareFinding =>
  finding(part, 'broken', what, evidence);
export const suspect = (part: HardwarePart, what: string, evidence?: readonly string[]): HardwareFinding =>
  finding(part, 'suspect', what, evidence);
export const notKnown = (part: HardwarePart, what: string): HardwareFinding => finding(part, 'unknown', what);

const finding = (
  part: HardwarePart,
  state: HardwareFinding['state'],
  what: string,
  evidence?: readonly string[],
): HardwareFinding => ({ part, state, what, ...(evidence && evidence.length > 0 && { evidence }) });
