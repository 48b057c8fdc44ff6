import { posix } from 'node:path';
import { groupBy } from '../../core/group-by.ts';
import { edit, fcopsCommand, look, shellOnHost } from '../../core/next.ts';
import { SECTOR_BYTES, type SectorSize } from '../../core/profile.ts';
import { count, formatBytes } from '../../core/units.ts';
import { readStorageJson } from '../../lotus/storage-files.ts';
import type { StorageList, StoragePath } from '../../lotus/storage-list.ts';
import { listOf } from '../../resources/init/storage.ts';
import type { Observation } from '../../resources/look.ts';
import { pathLook } from '../../resources/path/look.ts';
import { PROFILE, REPOSITORIES } from '../../roles/miner-places.ts';
import type { Told } from '../miner-says.ts';
import type { Diagnosis, Finding } from './finding.ts';
import { finding, unknown } from './finding.ts';

/** Bytes of a sector that is kept: its sealed file and, beside it, some hundred MiB of cache. */
export const keptBytes = (size: SectorSize): number => SECTOR_BYTES[size] * 1.05;

const hasRoom = ({ space }: StoragePath, size: SectorSize): boolean =>
  space === null || space.total - space.used >= keptBytes(size);

/** The directories of sectors that lotus-miner lists: none that it cannot ask, and room for what is finished. */
export const storageListDiagnosis = (
  list: Told<StorageList>,
  size: SectorSize,
  minerHost: string,
): Diagnosis => {
  if (list.type !== 'understood')
    return {
      findings: [],
      unknowns: [
        unknown(minerHost, 'it is not known which directories of sectors lotus-miner has', list.why, [
          fcopsCommand(['status', '--role', 'miner'], 'see whether it runs'),
        ]),
      ],
    };
  const { paths, failed } = list.value;
  const stores = paths.filter((path) => path.stores);
  const full = stores.filter((path) => !hasRoom(path, size));
  const see = shellOnHost(`source ${PROFILE}; lotus-miner storage list`, 'see them');
  const findings: Finding[] = [];
  if (failed.length > 0)
    findings.push(
      finding(
        'warn',
        'storage',
        minerHost,
        `lotus-miner cannot ask ${count(failed.length, 'of its directories', 'of its directories')} of sectors`,
        {
          evidence: failed.map(({ id, why }) => `${id}: ${why}`),
          cost: 'where sectors are kept in one, lotus-miner cannot prove them: a fault fee for each of them every day; where they are being sealed, they do not get on',
          next: [
            see,
            fcopsCommand(
              ['verify'],
              'see which mount or which worker is gone; directories of workers that are gone stay listed',
            ),
          ],
        },
      ),
    );
  if (paths.length > 0 && stores.length === 0 && failed.length === 0)
    findings.push(
      finding('critical', 'storage', minerHost, 'no directory takes finished sectors', {
        evidence: [`${count(paths.length, 'directory', 'directories')} listed, none with Use: Store`],
        cost: 'FinalizeSector of all sectors stands still, and the caches fill up',
        next: [see, fcopsCommand(['bootstrap', 'miner', '--check'], 'see what of its storage is set up')],
      }),
    );
  if (full.length > 0) {
    const isAll = full.length === stores.length && failed.length === 0;
    findings.push(
      finding(
        isAll ? 'critical' : 'warn',
        'storage',
        minerHost,
        isAll
          ? 'no directory has room for another finished sector'
          : `there is no room for another finished sector in ${full.length} of ${count(stores.length, 'directory', 'directories')}`,
        {
          evidence: full.map(
            ({ id, local, space }) =>
              `${local ?? id}: ${space === null ? '' : `${formatBytes(space.total - space.used)} free of ${formatBytes(space.total)}`}`,
          ),
          cost: isAll
            ? 'FinalizeSector of all sectors stands still, and the caches fill up'
            : 'sectors go to the others, as long as those have room',
          next: [
            see,
            look('add storage to the inventory, and pledge no more until it is there'),
            shellOnHost(
              `source ${PROFILE}; lotus-miner storage attach --init --store DIRECTORY`,
              'give lotus-miner another directory, on the miner host',
            ),
          ],
        },
      ),
    );
  }
  return { findings, unknowns: [] };
};

const normal = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, '');

/** Directories that stand twice in the list of lotus-miner: no newer one starts with that (1.17). */
export const storageFileDiagnosis = (seen: Observation, minerHost: string): Diagnosis => {
  const file = listOf(REPOSITORIES.lotusMiner);
  const state = pathLook.seen(seen, file);
  if (state?.type === 'absent') return { findings: [], unknowns: [] };
  const paths = state?.type === 'file' && state.text !== undefined ? readStorageJson(state.text) : null;
  if (paths?.type !== 'understood')
    return {
      findings: [],
      unknowns: [
        unknown(
          minerHost,
          `it is not known what stands in ${file}`,
          paths?.why ?? (state ? null : pathLook.unseen(seen, file).reason),
        ),
      ],
    };
  const twice = [...groupBy(paths.value, normal)].filter(([, ones]) => ones.length > 1);
  if (twice.length === 0) return { findings: [], unknowns: [] };
  return {
    findings: [
      finding(
        'note',
        'storage',
        minerHost,
        `${file} lists ${count(twice.length, 'directory', 'directories')} more than once`,
        {
          processes: ['lotus-miner'],
          evidence: twice.map(([, ones]) => ones.join(', ')),
          cost: 'lotus-miner 1.11 takes it; 1.17 and newer end at their start',
          next: [
            edit(`take all but one of them out of ${file} when lotus-miner is stopped for another reason`),
          ],
        },
      ),
    ],
    unknowns: [],
  };
};
