import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FcopsError, messageOf } from '../../core/problem.ts';
import { formatBytes, MiB } from '../../core/units.ts';
import { runNames } from '../../engine/runs/history.ts';
import type { Gathered } from './gathered.ts';
import { had, lacks } from './gathered.ts';

/** Runs whose journals are taken, and runs that are looked through for them. */
const RUNS = 5;
const LOOKED_AT = 200;
/** Bytes of one file that are read, and of what of it is taken. */
const READ = 64 * MiB;
const TAKEN = MiB;

/** What this controller's journals say of the last runs of a host, of that host alone. */
export const controllerRuns = (directory: string, host: string): readonly Gathered[] => {
  try {
    const found = runNames(directory)
      .slice(0, LOOKED_AT)
      .filter((run) => isAbout(join(directory, run), host))
      .slice(0, RUNS);
    if (found.length === 0) return [lacks('runs', `no run of ${host} is kept in ${directory}`)];
    return found.flatMap((run) => filesOf(join(directory, run), run, host));
  } catch (error) {
    return [lacks('runs', whyOf(error))];
  }
};

const isAbout = (directory: string, host: string): boolean => {
  try {
    const record: unknown = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8'));
    if (typeof record !== 'object' || record === null || !('hosts' in record)) return false;
    return Array.isArray(record.hosts) && record.hosts.includes(host);
  } catch {
    // A journal that cannot be read tells nobody anything.
    return false;
  }
};

const filesOf = (directory: string, run: string, host: string): Gathered[] =>
  readdirSync(directory)
    .filter((name) => /^[a-z]+\.jsonl?$/.test(name))
    .sort()
    .map((name) => {
      const file = join(directory, name);
      const as = `runs/${run}/${name}`;
      try {
        const { size } = statSync(file);
        if (size > READ) return lacks(as, `it has ${formatBytes(size)}`);
        const text = readFileSync(file, 'utf8');
        return had(as, name.endsWith('.jsonl') ? endOf(ofHost(text, host)) : text);
      } catch (error) {
        return lacks(as, whyOf(error));
      }
    });

/** Lines of a journal that are about a host, or about none. */
const ofHost = (text: string, host: string): readonly string[] =>
  text.split('\n').filter((line) => {
    if (line === '') return false;
    try {
      const value: unknown = JSON.parse(line);
      const about = hostIn(value);
      return about === null || about === host;
    } catch {
      // A line that broke off.
      return line.includes(`"${host}"`);
    }
  });

const hostIn = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return null;
  if ('host' in value && typeof value.host === 'string') return value.host;
  return 'result' in value ? hostIn(value.result) : null;
};

const endOf = (lines: readonly string[]): string => {
  let bytes = 0;
  const kept = lines.toReversed().filter((line) => {
    bytes += Buffer.byteLength(line) + 1;
    return bytes <= TAKEN;
  });
  return kept
    .toReversed()
    .map((line) => `${line}\n`)
    .join('');
};

const whyOf = (error: unknown): string => (error instanceof FcopsError ? error.message : messageOf(error));
