import { groupBy } from '../../core/group-by.ts';
import { jsonText } from '../../core/invisible.ts';
import type { LogEvent } from '../../ops/logs/events.ts';
import { logText } from '../../resources/process/log.ts';
import type { AddressBook } from '../text/addresses.ts';
import { addressesAt } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { padEnd, printable } from '../text/width.ts';
import type { Words } from '../text/words.ts';
import { withoutOwn } from './own-words.ts';
import { problemDocument } from './problem-document.ts';
import { problemLines } from './problem-text.ts';

/** Where a line goes: what was read to standard output, what is said about it beside. */
export interface LogsOutput {
  readonly line: (text: string) => void;
  readonly note: (text: string) => void;
}

/** Which hosts and processes there are, so that their names stand in columns. */
export interface LogsNames {
  readonly hosts: readonly string[];
  readonly processes: readonly string[];
}

export interface LogsTextOptions extends LogsNames {
  readonly colour: boolean;
  readonly paint: Paint;
  /** For notes. */
  readonly errorPaint: Paint;
  readonly errorWidth: number;
  readonly words: Words;
  /** Of hosts, by name: what only differs by it is alike. */
  readonly addresses: AddressBook;
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** One a host, in turn: cyan, green, yellow, magenta, blue, and the same brighter. */
const COLOURS = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94] as const;

/** Tells what is read of logs. */
export interface LogsView {
  readonly tell: (event: LogEvent) => void;
  /** Says what it has kept to say it together. */
  readonly end: () => void;
}

/** Milliseconds in which hosts that say the same are waited for. */
const TOGETHER = 1_000;

/** As text: host, process and line; notes of what becomes of them, of hosts with the same trouble once. */
export const logsText = (
  { hosts, processes, colour, paint, errorPaint, errorWidth, words, addresses, after }: LogsTextOptions,
  { line, note }: LogsOutput,
): LogsView => {
  const widest = (names: readonly string[]) => Math.max(0, ...names.map((name) => name.length));
  const [hostWidth, processWidth] = [widest(hosts), widest(processes)];
  const heads = new Map<string, string>();
  const headOf = (host: string, process: string): string => {
    const key = `${host} ${process}`;
    const known = heads.get(key);
    if (known !== undefined) return known;
    const name = padEnd(printable(host), hostWidth);
    const code = COLOURS[hosts.indexOf(host) % COLOURS.length] ?? COLOURS[0];
    const painted = colour ? `\u001b[${code}m${name}\u001b[39m` : name;
    const head = `${painted} ${padEnd(process, processWidth)} ${paint.quiet('|')}`;
    heads.set(key, head);
    return head;
  };
  const say = (host: string, text: string) =>
    note(`${errorPaint.careful('*')} ${errorPaint.strong(printable(host))}: ${text}`);
  let kept: Kept[] = [];
  let cancel = () => {};
  const end = () => {
    cancel();
    const all = kept;
    kept = [];
    for (const group of groupBy(all, (event) => keyOf(event, addresses)).values()) {
      const [first] = group;
      const names = printable(hostRanges(group.map(({ host }) => host)));
      if (first && first.type !== 'failed') say(names, wordsOf(first));
      for (const problem of first?.type === 'failed' ? first.problems : []) {
        const { where: _, ...document } = problemDocument(problem, words);
        const lead = `${errorPaint.bad('error:')} ${errorPaint.strong(names)}: `;
        note(problemLines(document, { paint: errorPaint, lead, width: errorWidth }).join('\n'));
      }
    }
  };
  const keep = (event: Kept) => {
    if (kept.length === 0) cancel = after(TOGETHER, end);
    kept.push(event);
  };
  const tell = (event: LogEvent) => {
    switch (event.type) {
      case 'line':
        line(`${headOf(event.host, event.process)} ${printable(event.line)}`.trimEnd());
        return;
      case 'absent':
      case 'lost':
      case 'back':
      case 'failed':
        keep(event);
        return;
      case 'rotated':
        say(event.host, `${event.process}: its log was moved away; what follows stands in a new one`);
        return;
      case 'truncated':
        say(event.host, `${event.process}: its log was emptied, and begins anew`);
        return;
      case 'missed':
        say(
          event.host,
          `${event.process}: its log is another one now; the end of the one before may be missing here`,
        );
        return;
    }
  };
  return { tell, end };
};

type Kept = Extract<LogEvent, { readonly type: 'absent' | 'lost' | 'back' | 'failed' }>;

/** What is said of a host, but for its name. */
const keyOf = (event: Kept, addresses: AddressBook): string => {
  const { host } = event;
  if (event.type !== 'failed') return wordsOf(event);
  const own = withoutOwn({ host, ...addressesAt(addresses, host) });
  return own(JSON.stringify(event.problems.map(({ what, why, next }) => [what, why, next])));
};

const wordsOf = (event: Exclude<Kept, { readonly type: 'failed' }>): string => {
  switch (event.type) {
    case 'absent': {
      const names = hostRanges(event.logs.map(({ process }) => process));
      const [first] = event.logs;
      const more = event.logs.length > 1 ? ' and others' : '';
      return `${names}: no log yet (${printable(first ? logText(first.source.kept) : '')}${more})`;
    }
    case 'lost':
      return `${printable(event.problem.what)}; called again until it answers`;
    case 'back':
      return 'it answers again; the logs go on from where they were';
  }
};

/** The same as JSON, an object a line; what is no line of a log has an `event`. */
export const logsJson = ({ line }: Pick<LogsOutput, 'line'>, words: Words): LogsView => {
  const tell = (event: LogEvent) => {
    const { host } = event;
    switch (event.type) {
      case 'line':
        line(jsonText({ host, process: event.process, line: event.line }));
        return;
      case 'absent':
        for (const { process, source } of event.logs)
          line(jsonText({ host, process, event: 'absent', log: logText(source.kept) }));
        return;
      case 'rotated':
      case 'truncated':
      case 'missed':
        line(jsonText({ host, process: event.process, event: event.type }));
        return;
      case 'lost':
        line(jsonText({ host, event: 'lost', problems: [problemDocument(event.problem, words)] }));
        return;
      case 'back':
        line(jsonText({ host, event: 'back' }));
        return;
      case 'failed':
        line(
          jsonText({
            host,
            event: 'failed',
            problems: event.problems.map((one) => problemDocument(one, words)),
          }),
        );
    }
  };
  return { tell, end: () => {} };
};
