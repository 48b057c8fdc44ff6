interface Xid {
  readonly meaning: string;
  /** Whether the card, its slot or its power is what fails, and no program. */
  readonly isGrave?: true;
}

/** Numbers of the NVIDIA driver's messages that come up on such machines (NVIDIA, "Xid Errors"). */
const XIDS: ReadonlyMap<number, Xid> = new Map([
  [8, { meaning: 'the GPU stopped processing' }],
  [13, { meaning: 'graphics engine exception: most often the program' }],
  [31, { meaning: 'memory page fault: most often the program' }],
  [32, { meaning: 'corrupted push buffer: the driver, or the PCIe link' }],
  [38, { meaning: 'driver firmware error' }],
  [43, { meaning: 'the GPU stopped processing: most often the program' }],
  [45, { meaning: 'tasks were cleared away, after another error or a program that was ended' }],
  [48, { meaning: 'double bit ECC error: memory of the card', isGrave: true }],
  [54, { meaning: 'auxiliary power is not connected', isGrave: true }],
  [61, { meaning: 'internal micro-controller warning' }],
  [62, { meaning: 'internal micro-controller halt' }],
  [63, { meaning: 'a page or row of its memory was retired: due at its next reset' }],
  [64, { meaning: 'a page or row of its memory could not be retired', isGrave: true }],
  [69, { meaning: 'graphics engine class error: most often the program' }],
  [74, { meaning: 'NVLink error: the bridge or a card', isGrave: true }],
  [79, { meaning: 'the GPU has fallen off the bus: card, slot, riser or power', isGrave: true }],
  [92, { meaning: 'high rate of single bit ECC errors: memory of the card', isGrave: true }],
  [94, { meaning: 'ECC error that was contained: its program has ended' }],
  [95, { meaning: 'ECC error that was not contained', isGrave: true }],
  [109, { meaning: 'a context switch took too long' }],
  [119, { meaning: 'the firmware of the card (GSP) does not answer' }],
  [120, { meaning: 'the firmware of the card (GSP) failed' }],
]);

/** What an Xid means; null: it is none of those that are known. */
export const meaningOf = (number: number): string | null => XIDS.get(number)?.meaning ?? null;

export const isGrave = (number: number): boolean => XIDS.get(number)?.isGrave === true;
