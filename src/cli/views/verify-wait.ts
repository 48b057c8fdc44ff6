import { formatSeconds } from '../../core/units.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { Verified } from '../../ops/verify/verify.ts';
import { wordsOf } from '../command-line.ts';
import type { Context } from '../context.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { printable, truncate } from '../text/width.ts';
import { FRAME_MS } from './live.ts';
import { Screen } from './screen.ts';
import { shortMoment } from './short-moment.ts';
import type { VerifyDocument } from './verify-document.ts';
import { verifyDocument } from './verify-document.ts';
import { verifyLines, verifySummary } from './verify-text.ts';

export interface WaitOptions {
  /** Seconds. */
  readonly wait: number;
  readonly interval: number;
  readonly full: boolean;
}

/** What is shown while it is waited until all is right. */
export interface WaitView {
  readonly emit: (event: RunEvent) => void;
  /** From now on `verified` says what is known. */
  readonly begin: (verified: () => Verified) => void;
  /** What a look at all hosts has come to. */
  readonly said: (verified: Verified) => void;
  /** May be called again. */
  readonly end: () => void;
}

/** A terminal is repainted as the hosts answer; elsewhere a line on standard error says what has changed. */
export const waitView = (context: Context, options: WaitOptions): WaitView =>
  context.output.live && context.output.format === 'text'
    ? repainted(context, options)
    : lines(context, options);

const documentOf = (context: Context, verified: Verified): VerifyDocument =>
  verifyDocument(verified, context.world.date().getTime() / 1000, wordsOf(context));

/** Milliseconds between two times that all checks are worked out, at the least, and as a part of the time. */
const WORK_MS = 500;
const WORK_PART = 0.1;

const repainted = (context: Context, { wait, interval, full }: WaitOptions): WaitView => {
  const { world, output } = context;
  const screen = new Screen(output.stdout);
  const until = world.now() + wait * 1000;
  let verified: (() => Verified) | null = null;
  let isNew = true;
  let workAgain = Number.NEGATIVE_INFINITY;
  let shown: readonly string[] = [];
  const paint = () => {
    if (verified === null) return;
    const columns = output.stdout.columns() - 1;
    const now = world.now();
    if (isNew && now >= workAgain) {
      isNew = false;
      const document = documentOf(context, verified());
      shown = verifyLines(document, { paint: output.paint, width: columns, full, moment: shortMoment });
      // With hundreds of hosts it takes a while, and the looks go on beside it.
      const done = world.now();
      workAgain = done + Math.max(WORK_MS, (done - now) / WORK_PART);
    }
    const left = Math.max(0, Math.ceil((until - world.now()) / 1000));
    const foot = truncate(
      `waiting ${waitText(left)} more, a look every ${interval} s; Ctrl-C ends it`,
      columns,
    );
    screen.paint([...fitting(context, shown), '', output.paint.quiet(foot)]);
  };
  let stopClock = () => {};
  return {
    emit: ({ type }) => {
      if (type === 'phase') isNew = true;
    },
    begin: (known) => {
      verified = known;
      stopClock = world.every(FRAME_MS, paint);
      paint();
    },
    said: () => {
      isNew = true;
    },
    end: () => {
      stopClock();
      screen.clear();
    },
  };
};

/** Whole seconds. */
const waitText = (seconds: number): string => (seconds < 10 ? `${seconds} s` : formatSeconds(seconds));

/** What fits above the last lines. */
const fitting = ({ output }: Context, all: readonly string[]): readonly string[] => {
  const rows = output.stdout.rows() - 3;
  if (all.length <= rows) return all;
  const shown = all.slice(0, Math.max(1, rows - 1));
  return [...shown, output.paint.quiet(`… and ${all.length - shown.length} more lines`)];
};

const lines = (context: Context, { wait }: WaitOptions): WaitView => {
  const { world, output } = context;
  const until = world.now() + wait * 1000;
  let before = '';
  return {
    emit: () => {},
    begin: () => {},
    said: (verified) => {
      const document = documentOf(context, verified);
      const now = stateOf(document);
      if (now === before) return;
      before = now;
      const left = Math.max(0, Math.ceil((until - world.now()) / 1000));
      const more = document.right ? '' : `; waiting ${waitText(left)} more`;
      output.note(`${world.date().toLocaleTimeString('sv-SE')} ${changeLine(document)}${more}`);
    },
    end: () => {},
  };
};

/** What is not right, without what changes from look to look: how far a clock is off. */
const stateOf = ({ hosts }: VerifyDocument): string =>
  JSON.stringify(
    hosts.map(({ host, state, checks }) => [
      host,
      state,
      ...checks.flatMap(({ name, result }) => (result === 'ok' ? [] : [[name, result]])),
    ]),
  );

/** Hosts that a line names. */
const MOST = 3;

/** `26 hosts, of 1210 checks 3 are off: p1-57: P1-3: does not run; …` */
const changeLine = (document: VerifyDocument): string => {
  const wrong = document.hosts.flatMap(({ host, checks }) => {
    const own = checks.filter(({ result }) => result !== 'ok');
    const [first] = own;
    if (!first) return [];
    const alike = own.filter(({ message }) => message === first.message);
    const who = hostRanges(alike.flatMap(({ process }) => process ?? []));
    const more = own.length > alike.length ? ` (+${own.length - alike.length})` : '';
    return [`${host}: ${who === '' ? '' : `${who}: `}${first.message}${more}`];
  });
  const named = wrong.slice(0, MOST).join('; ');
  const rest = wrong.length > MOST ? `; and ${wrong.length - MOST} more hosts` : '';
  return printable(`${verifySummary(document)}${named === '' ? '' : `: ${named}`}${rest}`);
};
