import { FAILED, termsIn } from '../inventory/host-pattern.ts';
import { minersIn } from '../inventory/load.ts';
import { failedHosts } from '../ops/failed-hosts.ts';
import { eachOf, inventorySources, theNamed } from '../ops/sources.ts';
import { wordsOf } from './command-line.ts';
import type { Context } from './context.ts';
import { runsDirectory } from './deps.ts';
import { sourcesOf } from './sources.ts';
import { hostRanges } from './text/host-ranges.ts';

/**
 * Patterns of hosts with the hosts of the last run of the miner that did not end well in the place of `@failed`. Said once
 * for a command, before it begins a run of its own: which run it was is told on standard error.
 */
export const withFailed = (limit: string, context: Context): string => {
  const { run, hosts } = failedHosts(runsDirectory(context.world), minerOf(context));
  const { operation, request, since } = run.record;
  const ranges = hostRanges(hosts);
  context.output.note(
    `${FAILED}: ${ranges}, of ${run.record.run} (${operation} ${request.role} of ${request.miner}, ${wordsOf(context).since(since)})`,
  );
  const patterns = ranges.split(', ');
  return termsIn(limit)
    .map(({ text, sign, pattern }) => (pattern === FAILED ? eachOf(patterns, sign, text) : text))
    .join(',');
};

/** The miner that a command is about, as far as that is said: of several clusters the last run of all counts. */
const minerOf = (context: Context): string | undefined => {
  const sources = sourcesOf(context);
  const { miner } = context.options;
  // Of a comparison, which may be about all clusters.
  const named = miner === 'all' ? undefined : theNamed(sources, miner);
  if (named !== undefined) return named;
  const [only, another] = minersIn(inventorySources(sources));
  return another === undefined ? only : undefined;
};
