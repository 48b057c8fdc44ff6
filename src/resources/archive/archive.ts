import type { Content } from '../../core/content.ts';
import { contentOf } from '../../core/content.ts';
import { momentOf } from '../../core/moment.ts';
import { HTTP_URL } from '../../core/names.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { count } from '../../core/units.ts';
import { askEntries, entriesLook } from '../directory/look.ts';
import { editableText } from '../edits/edits.ts';
import type { Step } from '../kinds.ts';
import type { Observation } from '../look.ts';
import { checkedPath } from '../path/checked-path.ts';
import { inTheWay } from '../path/in-the-way.ts';
import { askPath, askText, pathLook } from '../path/look.ts';
import type { Detail, Diff, Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { ARCHIVE_DEADLINE } from './step.ts';

export interface ArchiveSpec {
  /** A tar archive, compressed or not. */
  readonly url: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Directory of this version, in a directory that holds nothing but versions. */
  readonly directory: string;
  /** The password by the name of its secret. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** How many other versions stay, the newest; one that is linked to or runs stays in any case. */
  readonly keep: number;
  /** Links elsewhere that lead into a version: that one is in use. Links beside the versions count anyway. */
  readonly links?: readonly string[];
  /** Programs that the archive has to have, relative to `directory`; their size and time are compared. */
  readonly members?: readonly string[];
  /** What the download goes through. Left out or null: as the host has it by itself. */
  readonly proxy?: string | null;
}

/** Written into the directory last: the archive's sha256, then size, time and path of every file. */
const MARKER = '.fcops-archive';

/** What an archive is downloaded to and unpacked in, beside the versions. */
const UNPACKING = /^\.fcops\.unpack\.[A-Za-z0-9]{8}$/;

/**
 * An archive that the host downloads by itself, checks and unpacks into a directory of its own: complete, or not
 * there at all. A marker in the directory says what was unpacked, so that drift is seen without reading it all.
 * Older versions beyond `keep` go when a new one comes; what a run that was cut off has left beside them goes with the
 * next one.
 */
export const archive = (spec: ArchiveSpec): Resource => {
  const directory = checkedPath(spec.directory);
  const versions = directory.replace(/\/[^/]+$/, '');
  const marker = `${directory}/${MARKER}`;
  const members = (spec.members ?? []).map((member) => checkedPath(`${directory}/${member}`));
  for (const path of spec.links ?? []) checkedPath(path);
  if (!/^[0-9a-f]{64}$/.test(spec.sha256)) throw new RangeError(`not a sha256: ${spec.sha256}`);
  if (!HTTP_URL.test(spec.url)) throw new RangeError(`not an http address: ${spec.url}`);
  if (directory.split('/').length < 4) {
    throw new RangeError(`${directory} is no directory of a version below one of versions`);
  }
  return {
    kind: 'archive',
    id: `archive:${directory}`,
    title: `archive ${directory}`,
    asks: [askPath(directory), askText(marker), ...members.map(askPath), askEntries(versions)],
    provides: members.map((path) => ({ type: 'path', path })),
    fetches: {
      type: 'archive',
      url: spec.url,
      sha256: spec.sha256,
      directory,
      credentials: credentialsOf(spec),
      proxy: spec.proxy ?? null,
    },
    leaves: (host) => {
      host.putPath(directory, { type: 'directory', mode: '0755', owner: 'root', group: 'root' });
      const program = {
        type: 'file',
        mode: '0755',
        owner: 'root',
        group: 'root',
        bytes: 0,
        mtime: 0,
      } as const;
      for (const path of members) host.putPath(path, program);
      const rows = (spec.members ?? []).map((member) => `0 0 ./${member}`);
      host.putText(marker, [`sha256 ${spec.sha256}`, ...rows, ''].join('\n'));
    },
    // The version before goes by itself, or stays for the way back.
    manages: [],
    diff: (seen) => {
      const now = pathLook.seen(seen, directory);
      if (!now) return pathLook.unseen(seen, directory);
      if (now.type === 'absent') return change('create', detail('sha256', null, spec.sha256), spec);
      const marked = editableText(seen, marker);
      if (!marked.ok) return marked.error;
      if (marked.value === null) return inTheWay(directory, 'was not unpacked by fcops');
      const [first = '', ...files] = marked.value.text.split('\n');
      const sum = detail('sha256', maskOutput(first.replace(/^sha256 /, '')), spec.sha256);
      const known = new Map(files.flatMap((line) => parseMember(directory, line)));
      const drift = members.flatMap((path) => driftOf(seen, path, known.get(path)));
      const fetched = [...sum, ...drift];
      return fetched.length > 0
        ? change('update', fetched, spec)
        : changeOr(leftIn(seen, versions), { action: 'update', steps: [stepOf(spec)] });
    },
  };
};

/** What a run that was cut off has left beside the versions. Where it cannot be seen, a download sees to it. */
const leftIn = (seen: Observation, versions: string): Detail[] => {
  const entries = entriesLook.seen(seen, versions);
  if (entries?.type !== 'known') return [];
  return entries.names
    .filter((name) => UNPACKING.test(name))
    .flatMap((name) => detail(`${versions}/${name}`, 'left there by a run that was cut off', null));
};

interface Member {
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

const parseMember = (directory: string, line: string): (readonly [string, Member])[] => {
  const [, bytes, mtime, path] = /^(\d+) (\d+) \.\/(.+)$/.exec(line) ?? [];
  return path === undefined ? [] : [[`${directory}/${path}`, { bytes: Number(bytes), mtime: Number(mtime) }]];
};

const describeMember = ({ bytes, mtime }: Member): string =>
  `${count(bytes, 'byte')} of ${momentOf(mtime)?.slice(0, 19) ?? `second ${mtime}`}`;

const driftOf = (seen: Observation, path: string, unpacked: Member | undefined): Detail[] => {
  const now = pathLook.seen(seen, path);
  const present = now?.type === 'file' ? describeMember(now) : (now?.type ?? 'not seen');
  const content = detail(path, present, unpacked ? describeMember(unpacked) : 'a file of the archive');
  // A program that cannot be run is none.
  const runs = now?.type !== 'file' || EXECUTABLE.test(now.mode);
  return [...content, ...(runs ? [] : detail(`mode of ${path}`, now.mode, '0755'))];
};

/** The owner may run it. */
const EXECUTABLE = /^.[1357]/;

const change = (action: 'create' | 'update', details: readonly Detail[], spec: ArchiveSpec): Diff =>
  changeOr([...detail('from', null, spec.url), ...details], { action, steps: [stepOf(spec)] });

const stepOf = (spec: ArchiveSpec): Step => {
  const { url, sha256, directory, keep, links = [], members = [], proxy = null } = spec;
  return {
    step: 'put-archive',
    ...{ url, sha256, directory, keep, links, members },
    credentials: credentialsOf(spec),
    proxy,
    deadline: ARCHIVE_DEADLINE,
  };
};

const credentialsOf = ({ credentials }: Pick<ArchiveSpec, 'credentials'>): Content | null =>
  credentials ? contentOf(`${credentials.user}:`, { secret: credentials.password, as: 'plain' }) : null;
