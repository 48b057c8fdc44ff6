import type { Next } from '../../core/next.ts';
import { fcopsCommand, look } from '../../core/next.ts';
import { count, GiB, KiB } from '../../core/units.ts';
import { hugepagesLook } from '../../resources/hugepages/look.ts';
import type { Ask, Observation } from '../../resources/look.ts';
import { mountLook } from '../../resources/mounts/look.ts';
import type { StorageMountSpec } from '../../resources/mounts/storage.ts';
import { another, deadNext, isMountOf } from '../../resources/mounts/storage.ts';
import type { Requirement } from '../../resources/process/process.ts';
import { CARD_LOST, DRIVER_NOT_LOADED, NVIDIA_DRIVER } from '../../roles/requirements.ts';
import { judgeBackups } from '../backups/judge.ts';
import type { ClockOffset } from '../clock-offset.ts';
import { CLOCK_LIMIT, isWithin, offsetText } from '../clock-offset.ts';
import type { MountStatus, SeenHost } from '../status/host-status.ts';
import type { Check, Found } from './check.ts';
import { fine, off, unknown } from './check.ts';

const PAGE_KIB = GiB / KiB;

/** Each NUMA node has the huge pages of 1 GiB that the layout gives it; more of them are no fault. */
export const hugepagesChecks = (
  host: string,
  perNode: readonly number[] | null,
  seen: Observation,
): Check[] => {
  if (perNode === null) return [];
  const nodes = hugepagesLook.seen(seen, String(PAGE_KIB));
  const next = [
    fcopsCommand(['deploy', 'p1', '--tags', 'hugepages', '--limit', host], 'to allocate what is missing'),
  ];
  const found = (node: number, wanted: number): Found => {
    if (nodes === undefined) return unknown(hugepagesLook.unseen(seen, String(PAGE_KIB)).reason);
    const total = nodes.find((one) => one.node === node)?.total;
    if (total === undefined)
      return nodes.length === 0
        ? off('the kernel has no huge pages of 1 GiB', next)
        : off(`there is no NUMA node ${node}`, [
            look('set the NUMA nodes in its firmware as the profile says'),
          ]);
    const pages = `node ${node} has ${count(total, 'huge page')} of 1 GiB`;
    return total >= wanted ? fine(pages) : off(`${pages}, wanted are ${wanted}`, next);
  };
  return perNode.flatMap((wanted, node) =>
    wanted === 0
      ? []
      : [{ kind: 'hugepages', name: `huge pages on node ${node}`, process: null, ...found(node, wanted) }],
  );
};

/** The machine has its GPUs, their driver is loaded, and it lists each of them. */
export const gpuChecks = (wanted: number | null, { present, seen }: SeenHost['gpus']): Check[] => {
  const about = { kind: 'gpu', process: null } as const;
  const counted: Check[] =
    wanted === null || wanted === 0
      ? []
      : [
          {
            ...about,
            name: 'number of GPUs',
            ...(present.length >= wanted
              ? fine(count(present.length, 'GPU'))
              : off(`the machine shows ${count(present.length, 'NVIDIA GPU')}, wanted are ${wanted}`, [
                  look('see lspci for a card that is missing, or give the host the profile of its hardware'),
                ])),
          },
        ];
  if (present.length === 0) return counted;
  const driver = (found: Found): Check => ({ ...about, name: NVIDIA_DRIVER, ...found });
  switch (seen.type) {
    case 'driver not loaded':
      return [...counted, driver(off('the NVIDIA driver is not loaded', DRIVER_NOT_LOADED))];
    case 'unknown':
      return [
        ...counted,
        driver(
          unknown(`it is not known whether ${count(present.length, 'GPU answers', 'GPUs answer')}`, seen.why),
        ),
      ];
    case 'told':
      return [
        ...counted,
        driver(fine('loaded')),
        ...present.map(
          (address): Check => ({
            ...about,
            name: `GPU ${address}`,
            ...(seen.gpus.some((gpu) => gpu.address === address)
              ? fine('answers')
              : off(`the NVIDIA driver does not list the GPU at ${address}`, CARD_LOST)),
          }),
        ),
      ];
  }
};

/** A check of what is mounted at a directory. */
export interface MountCheck extends Check {
  readonly target: string;
}

/** Something is mounted at each directory, answers in time, and is what the inventory says. */
export const mountChecks = (
  mounts: readonly MountStatus[],
  storages: readonly StorageMountSpec[],
  seen: Observation,
): MountCheck[] =>
  mounts.map((mount): MountCheck => {
    const storage = storages.find(({ target }) => target === mount.target);
    return {
      kind: 'mount',
      name: `mount ${mount.target}`,
      process: null,
      target: mount.target,
      ...foundMount(mount, storage, seen),
    };
  });

const foundMount = (mount: MountStatus, storage: StorageMountSpec | undefined, seen: Observation): Found => {
  const { target, what } = mount;
  switch (mount.state) {
    case 'not mounted':
      return off(`nothing is mounted at ${target} (${what})`);
    case 'unknown': {
      const said = `${target} (${what}) ${mount.why}`;
      // What is mounted and does not answer is known to be wrong; where nobody could look nothing is.
      if (mountLook.seen(seen, target) === undefined)
        return unknown(`it is not known what is mounted at ${target} (${what})`, mount.why);
      return off(said, storage ? deadNext(storage) : []);
    }
    case 'mounted': {
      if (!storage || isMountOf(storage, mount)) return fine('mounted');
      const { message, next } = another(storage, mount);
      return off(message, next);
    }
  }
};

/** A host's clock, or why nobody could measure it. */
export type ClockMeasured = ClockOffset | { readonly why: string };

export const clockCheck = (clock: ClockMeasured): Check => ({
  kind: 'clock',
  name: 'clock',
  process: null,
  ...foundClock(clock),
});

const foundClock = (clock: ClockMeasured): Found => {
  if ('why' in clock) return unknown('its clock could not be measured', clock.why);
  const isRight = isWithin(clock, CLOCK_LIMIT);
  const said = `its clock is ${offsetText(clock)}${keeperText(clock)}`;
  if (isRight === null) return unknown(said, 'the way to the host and back takes too long to tell more');
  return isRight ? fine(said) : off(said, CLOCK_NEXT);
};

const CLOCK_NEXT: readonly Next[] = [
  look('see what keeps it on the host: its crontab (ntpdate), chronyc tracking, timedatectl'),
];

const keeperText = ({ synchronized }: ClockOffset): string => {
  if (synchronized.type === 'unknown') return '';
  const who = { chrony: 'chronyd', ntp: 'ntpd', kernel: 'the kernel' }[synchronized.by];
  if (synchronized.type === 'yes') return `, and ${who} says that it is kept right`;
  // The kernel says so of each clock that ntpdate sets, too.
  return synchronized.by === 'kernel' ? '' : `, and ${who} says that it is not in step with its source`;
};

/**
 * What the processes of a host stand on: template data, proof parameters, room. Below a mount that is gone nothing can
 * be told of them.
 */
export const requirementChecks = (
  requirements: readonly Requirement[],
  mounts: readonly MountCheck[],
  seen: Observation,
): Check[] => {
  const gone = mounts.flatMap(({ target, result }) => (result === 'ok' || target === '/' ? [] : [target]));
  const below = (path: string) => gone.find((target) => path === target || path.startsWith(`${target}/`));
  const unique = new Map(requirements.map((one) => [one.name, one]));
  // The driver is a check of its own.
  unique.delete(NVIDIA_DRIVER);
  return [...unique.values()].flatMap((requirement): Check[] => {
    const { name, asks } = requirement;
    const about = { name, process: null } as const;
    const ofMount = targetsOf(asks);
    // The mount itself has been told.
    if (ofMount.some((target) => gone.includes(target))) return [];
    const kind = ofMount.length > 0 ? 'mount' : 'data';
    const lost = pathsOf(asks).flatMap((path) => below(path) ?? [])[0];
    if (lost !== undefined)
      return [{ ...about, kind, ...unknown(`${name} is not known`, `nobody can look into ${lost}`) }];
    const found = requirement.check(seen, () => false);
    if (found === null) return [{ ...about, kind, ...fine('there') }];
    return 'unknown' in found
      ? [{ ...about, kind, ...unknown(`${name} is not known`, found.unknown) }]
      : [{ ...about, kind, ...off(found.message, found.next) }];
  });
};

/** The newest backup of the miner is as new as the inventory wants it, and the last one did not fail. */
export const backupChecks = ({ backups, mounts }: Pick<SeenHost, 'backups' | 'mounts'>): Check[] => {
  if (backups === null) return [];
  const { state, message, why, next } = judgeBackups(backups);
  const about = { kind: 'backup', name: 'backups of lotus-miner', process: null } as const;
  const found = state === 'ok' ? fine(message) : state === 'unknown' ? unknown(message) : off(message, next);
  // The mount itself has been told.
  if (backups.there.type === 'not mounted' && mounts.some(({ target }) => target === backups.mount))
    return [];
  return [{ ...about, ...found, ...(why !== undefined && { why }) }];
};

const targetsOf = (asks: readonly Ask[]): string[] =>
  asks.flatMap((ask) => ('target' in ask && typeof ask.target === 'string' ? [ask.target] : []));
const pathsOf = (asks: readonly Ask[]): string[] =>
  asks.flatMap((ask) => ('path' in ask && typeof ask.path === 'string' ? [ask.path] : []));
