import { count } from '../../core/units.ts';
import type { Disk, Raid, RecordedRaid } from './disks.ts';
import type { HardwareExpected } from './expected.ts';
import type { HardwareFinding } from './finding.ts';
import { broken, notKnown, suspect } from './finding.ts';
import type { HardwareSeen } from './seen.ts';

/** `nvme2n1 (SAMSUNG MZQL27T6, serial S6CKNE0T, 0000:43:00.0)` */
export const diskText = ({ name, model, serial, address }: Disk): string => {
  const about = [model, serial && `serial ${serial}`, address].filter(Boolean);
  return about.length === 0 ? name : `${name} (${about.join(', ')})`;
};

/** Whether each disk answers and is well, and each array has its disks. */
export const judgeDisks = (
  { disks, raids, recorded, mounts }: Pick<HardwareSeen, 'disks' | 'raids' | 'recorded' | 'mounts'>,
  { ownDisks }: Pick<HardwareExpected, 'ownDisks'>,
): HardwareFinding[] => {
  const known = disks.type === 'told' ? disks.value : [];
  const named = (name: string) => {
    const disk = known.find((one) => name === one.name || partOf(name) === one.name);
    return disk ? diskText(disk) : name;
  };
  return [
    ...(disks.type === 'told'
      ? [...known.flatMap(diskFindings), ...healthUnknown(known)]
      : [notKnown('disk', `its disks are not known: ${disks.why}`)]),
    ...(raids.type === 'told'
      ? raids.value.flatMap((raid) => raidFindings(raid, named))
      : [notKnown('raid', `its arrays are not known: ${raids.why}`)]),
    ...recordedFindings(recorded, raids.type === 'told' ? raids.value : [], named),
    ...mountFindings(mounts, ownDisks),
  ];
};

/** The disk of a partition: sda1, nvme0n1p2. */
const partOf = (name: string): string =>
  name.replace(/^(nvme\d+n\d+)p\d+$/, '$1').replace(/^(sd[a-z]+)\d+$/, '$1');

const diskFindings = (disk: Disk): HardwareFinding[] => {
  const { state, bytes, health } = disk;
  const text = diskText(disk);
  // A card reader without a card is a disk of no size, too.
  if (health === null) return [];
  if (state !== '' && state !== 'live') return [broken('disk', `${text}: the kernel calls it ${state}`)];
  if (bytes === null)
    return [broken('disk', `${text}: its controller is there, and no block device to read or write`)];
  if (health.type === 'unknown') return [];
  const { warnings, mediaErrors, used } = health.value;
  if (warnings.length > 0) return [broken('disk', `${text} warns: ${warnings.join(', ')}`)];
  return [
    ...((mediaErrors ?? 0) > 0
      ? [suspect('disk', `${text} has had ${count(mediaErrors ?? 0, 'media error')}`)]
      : []),
    ...((used ?? 0) >= 100 ? [suspect('disk', `${text} has used ${used} % of its life`)] : []),
  ];
};

const healthUnknown = (disks: readonly Disk[]): HardwareFinding[] => {
  const unknown = disks.flatMap(({ name, state, health }) =>
    health?.type === 'unknown' && (state === '' || state === 'live') ? [{ name, why: health.why }] : [],
  );
  const [first] = unknown;
  if (!first) return [];
  const names = unknown.map(({ name }) => name).join(', ');
  return [
    notKnown(
      'disk',
      `whether ${names} ${unknown.length === 1 ? 'warns' : 'warn'} is not known: ${first.why}`,
    ),
  ];
};

/** States in which an array takes and gives what it has (Documentation/admin-guide/md.rst). */
const AT_WORK: readonly string[] = [
  'clean',
  'active',
  'active-idle',
  'write-pending',
  'readonly',
  'read-auto',
];

const raidFindings = (
  { name, level, disks, degraded, state, members }: Raid,
  named: (disk: string) => string,
): HardwareFinding[] => {
  const there = members.map(({ disk }) => named(disk));
  if (level === '' || !AT_WORK.includes(state))
    return [
      broken(
        'raid',
        `array ${name} is ${state || 'not put together'}; its disks that are there: ${there.join(', ') || 'none'}`,
      ),
    ];
  const faulty = members.filter(({ state: of }) => /faulty|blocked/.test(of)).map(({ disk }) => named(disk));
  const lacks = Math.max(
    degraded ?? 0,
    disks - members.filter(({ state: of }) => !/faulty|spare/.test(of)).length,
  );
  if (faulty.length > 0) return [broken('raid', `array ${name} (${level}) has failed ${faulty.join(', ')}`)];
  return lacks > 0
    ? [
        broken(
          'raid',
          `array ${name} (${level}) lacks ${lacks} of ${count(disks, 'disk')}; there are: ${there.join(', ') || 'none'}`,
        ),
      ]
    : [];
};

/** Arrays that could not be put together, as their disks remember them. */
const recordedFindings = (
  recorded: HardwareSeen['recorded'],
  raids: readonly Raid[],
  named: (disk: string) => string,
): HardwareFinding[] => {
  if (recorded.type === 'unknown')
    // A machine without arrays needs no mdadm.
    return raids.length === 0
      ? []
      : [notKnown('raid', `what its disks say of their arrays is not known: ${recorded.why}`)];
  const running = new Set(raids.flatMap(({ members }) => members.map(({ disk }) => disk)));
  const bare = (device: string) => device.replace(/^.*\//, '');
  return recorded.value.flatMap(({ path, level, disks, present }: RecordedRaid) =>
    present.length >= disks || present.some((device) => running.has(bare(device)))
      ? []
      : [
          broken(
            'raid',
            `array ${path} (${level}) is of ${count(disks, 'disk')}, and ${present.length === 1 ? 'one is' : `${present.length} are`} there: ${present.map((device) => named(bare(device))).join(', ')}`,
          ),
        ],
  );
};

const mountFindings = (mounts: HardwareSeen['mounts'], target: string | null): HardwareFinding[] => {
  if (target === null) return [];
  if (mounts.type === 'unknown')
    return [notKnown('raid', `what is mounted at ${target} is not known: ${mounts.why}`)];
  return mounts.value.has(target)
    ? []
    : [broken('raid', `nothing is mounted at ${target}, the place of its own disks`)];
};
