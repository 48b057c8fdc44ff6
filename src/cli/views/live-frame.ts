import { count, formatSeconds } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { displayWidth, padEnd, printable, truncate } from '../text/width.ts';
import type { HostProgress, RunState } from './run-state.ts';

export interface FrameSize {
  readonly rows: number;
  readonly columns: number;
}

export type StageState = 'pending' | 'active' | 'done' | 'skipped';

export interface Stage {
  /** As the flow calls it. */
  readonly name: string;
  readonly state: StageState;
}

export interface FrameInput {
  readonly title: string;
  readonly stages: readonly Stage[];
  readonly run: RunState;
  /** Milliseconds since the view began, and the clock that `run` was fed with. */
  readonly elapsed: number;
  readonly now: number;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const SPINNER_MS = 100;

/**
 * The live view at one moment: never more lines than `rows`, none wider than `columns`. What does not fit is
 * left out from the least to the most telling: output lines, then hosts, then stages.
 */
export const liveFrame = (input: FrameInput, { rows, columns }: FrameSize, paint: Paint): string[] => {
  if (rows <= 0 || columns <= 0) return [];
  const head = [
    titleLine(input, columns, paint),
    ...input.stages.map((stage) => stageLine(stage, input, columns, paint)),
  ];
  if (rows <= head.length) return activeFirst(head, input.stages, rows);
  return [...head, ...hostLines(input, { rows: rows - head.length, columns }, paint)];
};

/** Where not even the stages fit, the one that is at work stays. */
const activeFirst = (head: readonly string[], stages: readonly Stage[], rows: number): string[] => {
  const active = stages.findIndex(({ state }) => state === 'active');
  return rows === 1 ? head.slice(active + 1, active + 2) : head.slice(0, rows);
};

const titleLine = ({ title: name, run, elapsed }: FrameInput, columns: number, paint: Paint): string => {
  const { batch, batches } = run.batch;
  const title = batches > 1 ? `${name}  batch ${batch} of ${batches}` : name;
  const time = formatSeconds(
    Math.floor(elapsed / 1000) < 10 ? Math.floor(elapsed / 100) / 10 : elapsed / 1000,
  );
  return spread(truncate(title, columns), time, columns, paint.strong, paint.quiet);
};

/** `left` at the left, `right` at the right where there is room for both. */
const spread = (
  left: string,
  right: string,
  columns: number,
  paintLeft: (text: string) => string,
  paintRight: (text: string) => string,
): string => {
  const room = columns - displayWidth(right) - 2;
  if (room < Math.min(20, displayWidth(left))) return paintLeft(truncate(left, columns));
  const cut = truncate(left, room);
  return `${paintLeft(cut)}${' '.repeat(room - displayWidth(cut) + 2)}${paintRight(right)}`;
};

const stageLine = (stage: Stage, input: FrameInput, columns: number, paint: Paint): string => {
  const { state, name } = stage;
  const sign = { pending: '·', skipped: '-', done: '✓', active: spinnerAt(input.elapsed) }[state];
  const colour = { pending: paint.quiet, skipped: paint.quiet, done: paint.good, active: paint.info }[state];
  const text = truncate(`${padEnd(name, 8)}${stageText(stage, input.run)}`.trimEnd(), columns - 2);
  if (columns < 3) return colour(truncate(sign, columns));
  return `${colour(sign)} ${state === 'pending' ? paint.quiet(text) : text}`;
};

const spinnerAt = (elapsed: number): string =>
  SPINNER[Math.floor(elapsed / SPINNER_MS) % SPINNER.length] ?? '*';

/** How hosts that are at a stage, and through it, are called where the general words do not do. */
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  verify: ['looked at again', 'verified'],
};

const stageText = ({ name, state }: Stage, run: RunState): string => {
  if (state === 'pending' || state === 'skipped') return '';
  const tally = run.tally(name);
  const listed = (parts: readonly (readonly [number, string])[]) =>
    parts.flatMap(([n, word]) => (n > 0 ? [`${n} ${word}`] : [])).join(', ');
  if (name === 'look') {
    return `${count(tally.hosts, 'host')}: ${listed([
      [tally.looking, 'to look at'],
      [tally.toChange, 'to change'],
      [tally.same, 'unchanged'],
      [tally.leftOut, 'with problems'],
    ])}`;
  }
  const [at, through] = WORDS[name] ?? ['at work', 'done'];
  return listed([
    [tally.at, at],
    [tally.through, through],
    [tally.failed, 'failed'],
    [tally.stopped, 'stopped'],
    [tally.at + tally.through > 0 ? tally.waiting : 0, 'waiting'],
  ]);
};

const IDLE = new Set(['waiting', 'planned', 'done']);

const hostLines = (input: FrameInput, { rows, columns }: FrameSize, paint: Paint): string[] => {
  const active = [...input.run.hosts.values()].filter(({ phase }) => !IDLE.has(phase));
  const ordered = byInterest(active, input.now);
  const fits = ordered.length <= rows;
  const shown = fits ? ordered : ordered.slice(0, rows - 1);
  const outputs = fits ? rows - shown.length : 0;
  const nameWidth = Math.min(24, Math.max(0, ...shown.map(({ host }) => displayWidth(host))));
  let left = outputs;
  const lines = shown.flatMap((host) => {
    const line = hostLine(host, nameWidth, input.now, columns, paint);
    const output = printable(host.line).trim();
    if (output === '' || left === 0) return [line];
    left -= 1;
    const indent = ' '.repeat(nameWidth + 4);
    return [line, paint.quiet(truncate(`${indent}${output}`, columns))];
  });
  if (fits || rows === 0) return lines;
  return [
    ...lines,
    paint.quiet(truncate(`  … and ${count(ordered.length - shown.length, 'more host')} at work`, columns)),
  ];
};

/** Milliseconds at one step after which a host is worth more than its place in the list. */
const LONG = 10_000;

/** Slow hosts first, the slowest at the top; then those with steps: that others still connect is no news. */
const byInterest = (active: readonly HostProgress[], now: number): readonly HostProgress[] => {
  const slow = active.filter(({ since }) => now - since >= LONG).toSorted((a, b) => a.since - b.since);
  const others = active.filter(({ since }) => now - since < LONG);
  return [...slow, ...others.filter(({ step }) => step > 0), ...others.filter(({ step }) => step === 0)];
};

const hostLine = (
  host: HostProgress,
  nameWidth: number,
  now: number,
  columns: number,
  paint: Paint,
): string => {
  const time = formatSeconds(Math.floor(Math.max(0, now - host.since) / 1000)).replace('.0', '');
  const left = `  ${padEnd(truncate(host.host, nameWidth), nameWidth)}  ${doing(host)}`;
  return spread(left, time, columns, (text) => text, paint.quiet);
};

/** What is said of a host at a stage before its first step. */
const DOING: Readonly<Record<string, string>> = {
  connect: 'connecting',
  look: 'looking',
  verify: 'verifying',
  apply: 'sending the steps',
  start: 'sending the steps',
  find: 'finding out what became of the run',
};

const doing = ({ phase, step, steps, task, title }: HostProgress): string =>
  step === 0 ? (DOING[phase] ?? phase) : `${step}/${steps} ${task}: ${title}`;
