/** A line of a run's journal, as runner.sh writes it. */
export type JournalLine =
  | { readonly type: 'begin'; readonly step: number; readonly at: number }
  | { readonly type: 'out'; readonly step: number; readonly line: string }
  | { readonly type: 'end'; readonly step: number; readonly at: number; readonly status: number }
  | { readonly type: 'stopped'; readonly step: number }
  | { readonly type: 'locked'; readonly holder: string }
  | { readonly type: 'done' }
  /** Something that the runner itself said: a defect or a full disk. */
  | { readonly type: 'noise'; readonly line: string };

/** Reads one line. Times are seconds of the host's uptime: good for differences only. */
export const parseJournalLine = (text: string): JournalLine => {
  const [word = '', number = '', ...rest] = text.split('\t');
  const step = Number(number);
  switch (word) {
    case 'begin':
      return { type: 'begin', step, at: Number(rest[0]) };
    case 'out':
      return { type: 'out', step, line: rest.join('\t') };
    case 'end':
      // A status that is no number is no success.
      if (!/^\d+$/.test(rest[1] ?? '')) return { type: 'noise', line: text };
      return { type: 'end', step, at: Number(rest[0]), status: Number(rest[1]) };
    case 'stopped':
      return { type: 'stopped', step };
    case 'locked':
      return { type: 'locked', holder: rest.join(' ') };
    case 'done':
      return { type: 'done' };
    default:
      return { type: 'noise', line: text };
  }
};
