import { contentOf } from '../../../core/content.ts';
import { again, edit, fcopsCommand, shellOnHost } from '../../../core/next.ts';
import { formatBytes } from '../../../core/units.ts';
import type { Cluster } from '../../../inventory/cluster.ts';
import { plainLines } from '../../../lotus/plain-text.ts';
import { DEADLINES } from '../../../resources/bootstrap/step.ts';
import { readStamp, STAMP_FILE } from '../../../resources/stamp/stamp.ts';
import { PROFILE, PROGRAMS, REPOSITORIES, START_SCRIPTS } from '../../../roles/miner-places.ts';
import { KNOWN } from '../../../roles/miner-programs.ts';
import type { HostState } from '../host-state.ts';
import { LOGS, partFile, sizeFile, snapshotFile } from '../places.ts';
import type { Progress, Setup } from '../setup.ts';
import type { SetupStep } from '../setup-step.ts';
import { done } from '../setup-step.ts';

/** Programs, profile and scripts, as `fcops deploy miner` brings them. */
export const deployed: SetupStep = {
  name: 'deployed',
  title: 'programs, profile and scripts',
  look: ({ entries, texts }, { cluster, host }) => {
    const stamped = readStamp(texts.get(STAMP_FILE) ?? '');
    if (stamped && stamped.miner !== cluster.miner)
      return {
        type: 'blocked',
        says: `the host belongs to ${stamped.miner}, where it is ${stamped.name} (${STAMP_FILE})`,
        next: [
          fcopsCommand(
            ['adopt', host.name, '--miner', cluster.miner],
            `correct its address; or, where ${stamped.miner} has given it up`,
          ),
        ],
      };
    const missing = [...Object.values(PROGRAMS), PROFILE, ...Object.values(START_SCRIPTS)].filter(
      (path) => !entries.has(path),
    );
    if (missing.length === 0 && stamped) return done('deployed');
    return {
      type: 'blocked',
      says: stamped ? `${missing.join(', ')} not there` : 'fcops has deployed nothing to this host',
      next: [fcopsCommand(['deploy', 'miner', '--miner', cluster.miner, '--limit', host.name], 'first')],
    };
  },
};

/** Credentials of the artifact server are for what lies below its address, and for nobody else. */
const credentialsOf = ({ artifacts: { url, user, password } }: Cluster, from: string) =>
  user !== undefined && password !== undefined && from.startsWith(`${url}/`)
    ? contentOf(`${user}:`, { secret: password.name, as: 'plain' })
    : null;

/** A snapshot is some 30 to 70 GiB: two days over a slow line. */
const DOWNLOAD_DEADLINE = 48 * 3600;

const snapshotProgress = ({ files, texts }: HostState, { cluster }: Setup): Progress | null => {
  const { snapshot } = cluster.bootstrap;
  if (!snapshot) return null;
  const total = /^\d{1,15}$/.exec((texts.get(sizeFile(snapshot.sha256)) ?? '').trim())?.[0];
  return {
    done: files.get(partFile(snapshot.sha256)) ?? 0,
    total: total === undefined ? null : Number(total),
    unit: 'bytes',
  };
};

/** The snapshot of the chain, downloaded and checked. */
export const snapshot: SetupStep = {
  name: 'snapshot',
  title: 'chain snapshot',
  progress: snapshotProgress,
  look: (seen, setup) => {
    const { cluster, host } = setup;
    if (chainOf(seen, setup) === 'imported') return done('not needed any more: the chain is there');
    const wanted = cluster.bootstrap.snapshot;
    if (!wanted)
      return {
        type: 'blocked',
        says: 'the inventory names no snapshot, and lotus has no chain',
        next: [
          edit(`add \`bootstrap: { snapshot: { url: …, sha256: … } }\` to ${cluster.file}`),
          again('then run again'),
        ],
      };
    const path = snapshotFile(wanted.sha256);
    const bytes = seen.files.get(path);
    if (bytes !== undefined) return done(`${path}, ${formatBytes(bytes)}, its sha256 as wanted`);
    const { done: here } = snapshotProgress(seen, setup) ?? { done: 0 };
    return {
      type: 'to do',
      says: here > 0 ? `${formatBytes(here)} of it are here` : `from ${wanted.url}`,
      work: {
        steps: [
          {
            step: 'fetch-file',
            url: wanted.url,
            sha256: wanted.sha256,
            path,
            credentials: credentialsOf(cluster, wanted.url),
            proxy: host.variables.proxy,
            deadline: DOWNLOAD_DEADLINE,
          },
        ],
      },
    };
  },
};

/**
 * How the chain of lotus is. What fcops has begun to import is told by its log; a chain without one is somebody else's,
 * and is left alone unless that was confirmed.
 */
const chainOf = (
  { texts, entries }: HostState,
  { cluster, importOver }: Setup,
): 'none' | 'begun' | 'imported' => {
  const log = texts.get(LOGS.import);
  const isWhole = log?.includes('Chain import complete, halting as requested...') ?? false;
  if (importOver) {
    const wanted = cluster.bootstrap.snapshot;
    return isWhole && wanted && log?.includes(snapshotFile(wanted.sha256)) ? 'imported' : 'begun';
  }
  if (isWhole) return 'imported';
  if (log !== undefined) return 'begun';
  return entries.has(`${REPOSITORIES.lotus}/datastore/chain`) ? 'imported' : 'none';
};

/** The last percentage that the bar of the import has shown. */
const percentOf = (log: string): number | null => {
  const text = plainLines(log.replaceAll('\r', '\n')).join('\n');
  const all = [...text.matchAll(/(\d{1,3}(?:\.\d+)?) ?%/g)];
  const last = all.at(-1)?.[1];
  return last === undefined ? null : Number(last);
};

/** The import of the snapshot: never over a chain that is there, unless that was confirmed by the host's name. */
export const importing: SetupStep = {
  name: 'import',
  title: 'import of the snapshot',
  progress: ({ texts }) => {
    const percent = percentOf(texts.get(LOGS.import) ?? '');
    return percent === null ? null : { done: percent, total: 100, unit: 'percent' };
  },
  look: (seen, setup) => {
    const { cluster, host, importOver } = setup;
    const chain = chainOf(seen, setup);
    if (chain === 'imported')
      return done(
        seen.texts.has(LOGS.import)
          ? 'imported'
          : `${REPOSITORIES.lotus} has a chain already, which is left as it is`,
      );
    if (seen.running.has('lotus import')) return { type: 'waits', says: 'an import is under way' };
    const pid = seen.running.get('lotus daemon');
    if (pid !== undefined)
      return {
        type: 'blocked',
        says: `lotus runs, as process ${pid}, and a snapshot is imported only where it does not`,
        next: [shellOnHost(`source ${PROFILE} && lotus daemon stop`, 'end it'), again('then run again')],
      };
    const { snapshot: wanted } = cluster.bootstrap;
    if (!wanted)
      return {
        type: 'blocked',
        says: 'the inventory names no snapshot',
        next: [edit('add bootstrap.snapshot')],
      };
    return {
      type: 'to do',
      says: importOver
        ? `over the chain that is there, as --import-over ${host.name} says`
        : chain === 'begun'
          ? 'an import broke off; it begins anew'
          : 'into a new repository',
      work: {
        steps: [
          {
            step: 'import-chain',
            profile: PROFILE,
            repository: REPOSITORIES.lotus,
            snapshot: snapshotFile(wanted.sha256),
            log: LOGS.import,
            known: KNOWN.lotus,
            over: importOver,
            deadline: DEADLINES.import,
          },
        ],
      },
    };
  },
};
