import type { Next } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count, formatBytes } from '../../core/units.ts';
import { CARD_LOST, DRIVER_NOT_LOADED } from '../../roles/requirements.ts';
import { judgeBackups } from '../backups/judge.ts';
import { toStart, toStartAgain } from '../held-by.ts';
import { OVERRIDES_OVER, overridesMessage } from '../overrides.ts';
import { lostByMiner, notListed, pausedAtMiner, runsTwice } from '../said-of-workers.ts';
import type { HostStatus, MountStatus, ProcessStatus, SeenHost } from './host-status.ts';

/** Something of a host that is not as it should be. */
export interface Trouble {
  /** `bad`: work is lost, or stands still; `warn`: it soon may be, or something is owed or not known. */
  readonly severity: 'bad' | 'warn';
  /** What sort it is, for programs. */
  readonly kind:
    | 'unseen'
    | 'process-dead'
    | 'process-idle'
    | 'process-twice'
    | 'process-unknown'
    | 'port'
    | 'not-registered'
    | 'lost-by-miner'
    | 'paused'
    | 'restart-owed'
    | 'version'
    | 'mount'
    | 'room'
    | 'hugepages'
    | 'gpu'
    | 'backup'
    | 'overrides'
    | 'stamp';
  /** Processes that it is about, in their order; none: it is about the host. */
  readonly processes: readonly string[];
  readonly message: string;
  readonly why?: string;
  readonly next?: readonly Next[];
}

/** Parts of a file system that are free, below which its room is told. */
const LITTLE_ROOM = 0.05;

/** What is wrong with a host, the worst first. */
export const troublesOf = (host: HostStatus): readonly Trouble[] => {
  if (host.state === 'pending') return [];
  if (host.state === 'unseen') return [...host.problems.map(unseen), ...ofOverrides(host)];
  const all = [
    ...ofAnother(host),
    ...stopped(host),
    ...host.processes.flatMap(ofProcess),
    ...host.mounts.flatMap(ofMount),
    ...ofHugepages(host),
    ...ofGpus(host),
    ...ofBackups(host),
    ...ofOverrides(host),
  ];
  return [
    ...all.filter(({ severity }) => severity === 'bad'),
    ...all.filter(({ severity }) => severity === 'warn'),
  ];
};

/** A machine of another miner: what its cluster does here, and this one, undo each other. */
const ofAnother = ({ ofAnother: said }: SeenHost): Trouble[] =>
  said === undefined ? [] : [{ severity: 'bad', kind: 'stamp', processes: [], ...said }];

/** A machine that runs with less for a while: longer than that is an error. */
const ofOverrides = ({ overrides }: HostStatus): Trouble[] =>
  overrides === undefined
    ? []
    : [
        {
          severity: overrides.isOver ? 'bad' : 'warn',
          kind: 'overrides',
          processes: [],
          message: overridesMessage(overrides),
          ...(overrides.isOver && { next: OVERRIDES_OVER }),
        },
      ];

const unseen = ({ what, why, next }: Problem): Trouble => ({
  severity: 'bad',
  kind: 'unseen',
  processes: [],
  message: what,
  ...(why !== undefined && { why }),
  ...(next && { next }),
});

const names = (processes: readonly ProcessStatus[]): readonly string[] => processes.map(({ name }) => name);

/** Processes that do not run: what is dead beside others that run, or a host of which none does, as after a reboot. */
const stopped = ({ host, processes, lockedBy }: SeenHost): Trouble[] => {
  const roles = [...new Set(processes.map(({ role }) => role))];
  return roles.flatMap((role): Trouble[] => {
    const all = processes.filter((process) => process.role === role);
    const dead = all.filter(({ running }) => running?.length === 0);
    if (dead.length === 0) return [];
    if (dead.length === all.length)
      return [
        {
          severity: 'bad',
          kind: 'process-idle',
          processes: names(dead),
          message: all.length === 1 ? 'it does not run' : `none of its ${all.length} processes runs`,
          ...bySystemd(dead),
          next: [toStart({ host, lockedBy }, role)],
        },
      ];
    const logs = dead.length === 1 ? (dead[0]?.log ?? '') : 'their logs';
    return [
      {
        severity: 'bad',
        kind: 'process-dead',
        processes: names(dead),
        message: `not running, though ${others(all.length - dead.length)}`,
        ...bySystemd(dead),
        next: toStartAgain({ host, lockedBy }, role, logs),
      },
    ];
  });
};

/** What systemd has in mind for processes that have ended; nothing where it has not. */
const bySystemd = (dead: readonly ProcessStatus[]): Pick<Trouble, 'why'> => {
  const inState = (state: string) =>
    names(dead.filter(({ supervisor }) => supervisor.state === state)).join(', ');
  const [waiting, failed] = [inState('activating'), inState('failed')];
  const why = [
    ...(waiting === '' ? [] : [`systemd is about to start ${waiting} again`]),
    ...(failed === '' ? [] : [`systemd has given up on ${failed}`]),
  ].join('; ');
  return why === '' ? {} : { why };
};

const others = (number: number): string =>
  number === 1 ? 'the other process of the host is' : `the other ${number} processes of the host are`;

/** A process that runs, with what is wrong with it. */
const ofProcess = (process: ProcessStatus): Trouble[] => {
  const { name, running } = process;
  const one = { processes: [name] };
  if (running === null)
    return [
      { ...one, severity: 'warn', kind: 'process-unknown', message: 'it cannot be told whether it runs' },
    ];
  if (running.length === 0)
    return process.listening === true
      ? [
          {
            ...one,
            severity: 'warn',
            kind: 'port',
            message: `it does not run, and another process listens on its port ${process.port}`,
          },
        ]
      : [];
  if (running.length > 1) {
    const { message, next } = runsTwice(running);
    return [{ ...one, severity: 'bad', kind: 'process-twice', message: `it ${message}`, next }];
  }
  return [...ofRegistration(process), ...ofListening(process), ...ofProgram(process)];
};

const ofRegistration = ({ name, log, registration }: ProcessStatus): Trouble[] => {
  const about = { processes: [name] };
  if (registration?.type === 'missing')
    return [{ ...about, severity: 'bad', kind: 'not-registered', ...notListed(log) }];
  if (registration?.type !== 'registered') return [];
  const { workers } = registration;
  if (workers.every(({ disabled }) => disabled))
    return [{ ...about, severity: 'bad', kind: 'lost-by-miner', ...lostByMiner(log) }];
  const paused = pausedAtMiner(workers);
  return paused ? [{ ...about, severity: 'warn', kind: 'paused', ...paused }] : [];
};

const ofListening = ({ name, port, listening }: ProcessStatus): Trouble[] =>
  listening === false
    ? [
        {
          severity: 'warn',
          kind: 'port',
          processes: [name],
          message: `it runs, and nobody listens on its port ${port}`,
        },
      ]
    : [];

const ofProgram = ({ name, program, restart }: ProcessStatus): Trouble[] => [
  ...(restart.length > 0
    ? [
        {
          severity: 'warn',
          kind: 'restart-owed',
          processes: [name],
          message: `restart owed: ${restart.join('; ')}`,
        } as const,
      ]
    : []),
  ...(program.linked !== null && program.wanted !== null && program.linked !== program.wanted
    ? [
        {
          severity: 'warn',
          kind: 'version',
          processes: [name],
          message: `${program.path} is ${program.linked}, and the inventory says ${program.wanted}`,
        } as const,
      ]
    : []),
];

const ofMount = (mount: MountStatus): Trouble[] => {
  const { target, what } = mount;
  const about = { processes: [] } as const;
  if (mount.state === 'not mounted')
    return [
      { ...about, severity: 'bad', kind: 'mount', message: `nothing is mounted at ${target} (${what})` },
    ];
  if (mount.state === 'unknown')
    return [{ ...about, severity: 'bad', kind: 'mount', message: `${target} (${what}) ${mount.why}` }];
  // Pages that are taken are what a file system of huge pages is for.
  if (mount.fstype === 'hugetlbfs' || mount.bytes === 0 || mount.freeBytes / mount.bytes >= LITTLE_ROOM)
    return [];
  return [
    {
      ...about,
      severity: 'warn',
      kind: 'room',
      message: `${target} (${what}) has ${formatBytes(mount.freeBytes)} free of ${formatBytes(mount.bytes)}`,
    },
  ];
};

const ofHugepages = ({ hugepages }: SeenHost): Trouble[] => {
  if (hugepages === null) return [];
  const total = hugepages.nodes.reduce((sum, node) => sum + node.total, 0);
  return total >= hugepages.wanted
    ? []
    : [
        {
          severity: 'bad',
          kind: 'hugepages',
          processes: [],
          message: `the kernel has ${count(total, 'huge page')} of 1 GiB, and its processes take ${hugepages.wanted}`,
        },
      ];
};

const ofGpus = ({ gpus: { present, seen } }: SeenHost): Trouble[] => {
  if (present.length === 0) return [];
  const about = { kind: 'gpu', processes: [] } as const;
  switch (seen.type) {
    case 'driver not loaded':
      return [
        {
          ...about,
          severity: 'bad',
          message: `the NVIDIA driver is not loaded, and there ${present.length === 1 ? 'is a GPU' : `are ${present.length} GPUs`}`,
          next: DRIVER_NOT_LOADED,
        },
      ];
    case 'unknown':
      return [
        {
          ...about,
          severity: 'warn',
          message: `nothing is known of ${count(present.length, 'GPU')}: ${seen.why}`,
        },
      ];
    case 'told': {
      const lost = present.filter((address) => !seen.gpus.some((gpu) => gpu.address === address));
      return lost.length === 0
        ? []
        : [
            {
              ...about,
              severity: 'bad',
              message: `the NVIDIA driver does not list ${lost.length === 1 ? 'the GPU' : 'the GPUs'} at ${lost.join(', ')}`,
              next: CARD_LOST,
            },
          ];
    }
  }
};

const ofBackups = ({ backups, mounts }: SeenHost): Trouble[] => {
  if (backups === null) return [];
  const { state, ...found } = judgeBackups(backups);
  // That its mount is gone has been told.
  const isTold = mounts.some((mount) => mount.target === backups.mount && mount.state !== 'mounted');
  if (state === 'ok' || (isTold && backups.there.type !== 'read')) return [];
  return [{ severity: state === 'bad' ? 'bad' : 'warn', kind: 'backup', processes: [], ...found }];
};
