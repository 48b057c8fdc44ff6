import { count, formatSeconds } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { displayWidth, padEnd, printable, truncate } from '../text/width.ts';
import type { HostProgress, RunState } from './run-state.ts';
import { timeLeft } from './time-left.ts';

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
  /** Hosts that are changed at the same time. */
  readonly atOnce: number;
  /** How long a step took in runs before, in seconds. */
  readonly secondsBefore: (resource: string) => number | undefined;
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
    ...totalLine(input, columns, paint),
    ...input.stages.map((stage) => stageLine(stage, input, columns, paint)),
  ];
  if (rows <= head.length) return activeFirst(head, input.stages, rows);
  return [...head, ...hostLines(input, { rows: rows - head.length, columns }, paint)];
};

/** Where not even the stages fit, the one that is at work stays. */
const activeFirst = (head: readonly string[], stages: readonly Stage[], rows: number): string[] => {
  const active = stages.findIndex(({ state }) => state === 'active');
  const first = head.length - stages.length;
  return rows === 1 ? head.slice(first + active, first + active + 1) : head.slice(0, rows);
};

const titleLine = ({ title: name, run, elapsed }: FrameInput, columns: number, paint: Paint): string => {
  const { batch, batches } = run.batch;
  const title = batches > 1 ? `${name}  batch ${batch} of ${batches}` : name;
  const time = formatSeconds(
    Math.floor(elapsed / 1000) < 10 ? Math.floor(elapsed / 100) / 10 : elapsed / 1000,
  );
  return spread(truncate(title, columns), time, columns, paint.strong, paint.quiet);
};

/** How long a step takes: as in this run, else as in those before. */
const secondsOf = ({ run, secondsBefore }: FrameInput, resource: string): number | undefined =>
  run.seconds.get(resource) ?? secondsBefore(resource);

/** A bar over all steps of all hosts, with the time that is left where it is known; while hosts are looked at over those. */
const totalLine = (input: FrameInput, columns: number, paint: Paint): string[] => {
  const hosts = [...input.run.hosts.values()];
  const ended = hosts.filter(({ result }) => result !== null).length;
  const steps = hosts.reduce((sum, { changes }) => sum + changes, 0);
  // A host that has ended has no steps left, whatever became of them.
  const made = hosts.reduce(
    (sum, { changes, made, result }) => sum + (result ? changes : Math.min(made, changes)),
    0,
  );
  const looked = hosts.filter(({ phase }) => !LOOKING.has(phase)).length;
  if (hosts.length === 0) return [];
  const changing = steps > 0 && looked === hosts.length;
  const share = changing ? made / steps : looked / hosts.length;
  const text = changing
    ? `${made}/${steps} steps, ${ended}/${count(hosts.length, 'host')}${leftText(input, hosts)}`
    : `${looked}/${count(hosts.length, 'host')}`;
  const room = Math.max(0, columns - displayWidth(text) - 2);
  if (room < 10) return [truncate(text, columns)];
  const full = Math.floor(share * room);
  return [`${paint.good('█'.repeat(full))}${paint.quiet('░'.repeat(room - full))}  ${text}`];
};

const LOOKING = new Set(['waiting', 'connect', 'look']);

const leftText = (input: FrameInput, hosts: readonly HostProgress[]): string => {
  const left = hosts
    .filter(({ result, changes }) => result === null && changes > 0)
    .map(({ resources, made, step, since }) => ({
      resources: resources.slice(made),
      atFirst: step === 0 ? 0 : Math.max(0, input.now - since) / 1000,
    }));
  const known = timeLeft(left, Math.min(input.atOnce, input.run.batch.hosts), (resource) =>
    secondsOf(input, resource),
  );
  if (known === null) return '';
  const seconds = Math.max(known, startsLeft(input, left));
  return seconds < 1 ? '' : `, about ${formatSeconds(Math.round(seconds)).replace('.0', '')} left`;
};

/** Seconds that the starts which are left take at the least, at so many a minute over all hosts. */
const startsLeft = (
  { run: { perMinute } }: FrameInput,
  hosts: readonly { readonly resources: readonly string[] }[],
): number => {
  const starts = hosts.flatMap(({ resources }) => resources.filter((one) => one.startsWith('process:')));
  return perMinute === null ? 0 : (starts.length * 60) / perMinute;
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
  turn: ['waiting for their turn', 'had their turn'],
  window: ['waiting for a gap', 'through'],
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

/** From so many columns on, what a host says stands beside what it is at, and not below. */
const WIDE = 100;

const hostLines = (input: FrameInput, { rows, columns }: FrameSize, paint: Paint): string[] => {
  const active = [...input.run.hosts.values()].filter(({ phase }) => !IDLE.has(phase));
  const ordered = byInterest(active, input);
  const fits = ordered.length <= rows;
  const shown = fits ? ordered : ordered.slice(0, rows - 1);
  const outputs = fits && columns < WIDE ? rows - shown.length : 0;
  const nameWidth = Math.min(24, Math.max(0, ...shown.map(({ host }) => displayWidth(host))));
  let left = outputs;
  const lines = shown.flatMap((host) => {
    const line = hostLine(host, nameWidth, input, columns, paint);
    const output = lastSaid(host, input.now);
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

/** Seconds at one step after which a host may be stuck; more where the step is known to take longer. */
const LONG = 60;
/** How many times as long as it is known to take. */
const MUCH_LONGER = 3;

/** Whether a host has been at its step, or at its stage, for so long that somebody may want to look. */
const isStuck = ({ phase, step, resource, since, turn }: HostProgress, input: FrameInput): boolean => {
  // It is others that it waits for, and those are told of.
  if (phase === 'turn' || phase === 'window') return false;
  const usual = step === 0 ? 0 : (secondsOf(input, resource) ?? 0);
  return (input.now - Math.max(since, turn)) / 1000 >= Math.max(LONG, usual * MUCH_LONGER);
};

/** Stuck hosts first, then those with the least of their steps made: the slowest; those without steps last. */
const byInterest = (active: readonly HostProgress[], input: FrameInput): readonly HostProgress[] => {
  const rank = (host: HostProgress) =>
    isStuck(host, input) ? 0 : host.step > 0 ? 1 : host.phase === 'turn' ? 3 : 2;
  const share = ({ made, changes }: HostProgress) => (changes === 0 ? 1 : made / changes);
  return active.toSorted((a, b) => rank(a) - rank(b) || share(a) - share(b) || a.since - b.since);
};

const hostLine = (
  host: HostProgress,
  nameWidth: number,
  input: FrameInput,
  columns: number,
  paint: Paint,
): string => {
  const name = padEnd(truncate(host.host, nameWidth), nameWidth);
  const output = columns < WIDE ? '' : lastSaid(host, input.now);
  const left = `${isStuck(host, input) ? '!' : ' '} ${name}  ${doing(host)}${output === '' ? '' : ` | ${output}`}`;
  const colour = isStuck(host, input) ? paint.careful : (text: string) => text;
  return spread(left, timesOf(host, input.now), columns, colour, paint.quiet);
};

/** What it has said last; where it waits for its turn, with the time until then. */
const lastSaid = ({ line, awaited, turn }: HostProgress, now: number): string => {
  const said = printable(line).trim();
  const left = Math.ceil((turn - now) / 1000);
  return line === awaited && left > 0 ? `${said} in ${formatSeconds(left).replace('.0', '')}` : said;
};

/** How long it has been at its step, and since its first one. */
const timesOf = ({ since, begun }: HostProgress, now: number): string => {
  const text = (from: number) => formatSeconds(Math.floor(Math.max(0, now - from) / 1000)).replace('.0', '');
  return begun === null || begun === since ? text(since) : `${text(since)} of ${text(begun)}`;
};

/** What is said of a host at a stage before its first step. */
const DOING: Readonly<Record<string, string>> = {
  connect: 'connecting',
  look: 'looking',
  verify: 'verifying',
  apply: 'sending the steps',
  start: 'sending the steps',
  turn: 'waiting for others to start',
  window: 'waiting for a proving window',
  find: 'finding out what became of the run',
};

const doing = ({ phase, step, steps, task, title }: HostProgress): string =>
  step === 0 ? (DOING[phase] ?? phase) : `${step}/${steps} ${task}: ${title}`;
