import type { Problem } from '../core/errors.ts';
import { quote } from '../core/shell.ts';
import { formatSeconds } from '../core/units.ts';
import type { RunEvent } from '../engine/events.ts';
import type { PlannedHost } from '../ops/deploy.ts';
import type { Session } from './session.ts';
import { hostRanges } from './text/host-ranges.ts';

/** What a command is about, besides what every command has. */
export interface About {
  readonly miner?: string | undefined;
  readonly limit?: string | undefined;
}

/** `fcops <words>` as it can be copied: with the options of this run that say where everything is. */
export const commandLine = (session: Session, words: string, { miner, limit }: About = {}): string =>
  [`fcops ${words}`, ...option('--miner', miner), ...option('--limit', limit), ...places(session)].join(' ');

/** The same for some hosts of a cluster, or all. */
export const commandFor = (
  session: Session,
  words: string,
  cluster: { readonly miner: string; readonly hosts: readonly { readonly name: string }[] },
  hosts: readonly string[],
): string => {
  const all = cluster.hosts.every(({ name }) => hosts.includes(name));
  const limit = all ? undefined : hostRanges(hosts).replaceAll(', ', ',');
  return commandLine(session, words, { miner: cluster.miner, limit });
};

const option = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`${name} ${quote(value)}`];

const DEFAULT_INVENTORY = 'inventories';

const places = ({ options: { inventory, profiles, templates } }: Session): string[] => [
  ...option('--inventory', inventory === DEFAULT_INVENTORY ? undefined : inventory),
  ...option('--profiles', profiles),
  ...option('--templates', templates),
];

/** Commands in the advice of what lies below the command line, which does not know its options. */
const COMMAND =
  /\bfcops (?:trust [\w.:]\S*?|facts [\w.:]\S*?(?: --save)?|inventory list)(?=$|[\s;,)])(?! --)/g;
/** Since when another run holds a host, as `runName` writes it. */
const SINCE = /\bsince (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/;

/** A problem as it is told here: commands can be copied, and people are told times by their own clock. */
export const completeProblem = (session: Session, problem: Problem): Problem => {
  const { next, why } = problem;
  return {
    ...problem,
    ...(why !== undefined && session.output.format === 'text' && { why: withLocalTime(session, why) }),
    ...(next !== undefined && {
      next: next.replace(COMMAND, (found) =>
        commandLine(session, found.slice('fcops '.length), { miner: session.options.miner }),
      ),
    }),
  };
};

const withLocalTime = ({ world }: Session, text: string): string =>
  text.replace(SINCE, (whole, stamp: string) => {
    const then = new Date(stamp);
    const seconds = (world.date().getTime() - then.getTime()) / 1000;
    // A lock of a controller whose clock goes ahead.
    if (!(seconds >= 0)) return whole;
    // The Swedish way is 2026-11-22 18:30:00.
    return `since ${then.toLocaleString('sv-SE')} (${formatSeconds(seconds).replace(/\.\d s/, ' s')} ago)`;
  });

/** The same for the results that an event brings. */
export const completeEvent = (session: Session, event: RunEvent): RunEvent => {
  switch (event.type) {
    case 'host-end':
      return { ...event, result: completeResult(session, event.result) };
    case 'run-end':
      return { ...event, results: event.results.map((result) => completeResult(session, result)) };
    default:
      return event;
  }
};

export const completePlanned = (session: Session, planned: PlannedHost): PlannedHost =>
  planned.state === 'ended' ? { ...planned, result: completeResult(session, planned.result) } : planned;

export const completeResult = <Result extends { readonly problems: readonly Problem[] }>(
  session: Session,
  result: Result,
): Result =>
  result.problems.length === 0
    ? result
    : { ...result, problems: result.problems.map((problem) => completeProblem(session, problem)) };
