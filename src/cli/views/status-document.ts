import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import type { BackupsStatus } from '../../ops/backups/judge.ts';
import { ageOf, judgeBackups } from '../../ops/backups/judge.ts';
import type { HostStatus, ProcessStatus } from '../../ops/status/host-status.ts';
import type { ClusterStatus } from '../../ops/status/status.ts';
import type { Trouble } from '../../ops/status/trouble.ts';
import { troublesOf } from '../../ops/status/trouble.ts';
import { ROLE_NAMES } from '../../roles/role-names.ts';
import { addressesIn } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { addressesShape } from './addresses-shape.ts';
import { commandsSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const STATUS_FORMAT = 'fcops-status/1';

const troubleSchema = z.strictObject({
  severity: z
    .enum(['bad', 'warn'])
    .describe('bad: work is lost or stands still. warn: it may be soon, or something is owed or not known.'),
  kind: z.enum([
    'unseen',
    'process-dead',
    'process-idle',
    'process-twice',
    'process-unknown',
    'port',
    'not-registered',
    'lost-by-miner',
    'paused',
    'restart-owed',
    'version',
    'mount',
    'room',
    'hugepages',
    'gpu',
    'backup',
    'overrides',
    'stamp',
  ]),
  processes: z.array(z.string()).describe('Those that it is about; none: it is about the host.'),
  message: z.string(),
  why: z.string().exactOptional(),
  next: z.string().exactOptional().describe('What to do about it.'),
  commands: commandsSchema.exactOptional(),
});

const jobSchema = z.strictObject({
  id: z.string().describe('Start of the id of the call.'),
  sector: z.int(),
  task: z.string().describe('AP PC1 PC2 C1 C2 FIN GET UNS, or one of another version.'),
  state: z.enum(['running', 'assigned', 'prepared', 'ret-wait', 'returned', 'ret-done']),
  since: z.string().nullable().describe('By the clock of this machine.'),
  seconds: z.number(),
});

const registrationSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('registered'),
    workers: z.array(
      z.strictObject({
        id: z.string(),
        disabled: z.boolean().describe('The miner has lost it, or was told to give it nothing.'),
        tasks: z.record(z.string(), z.int()).describe('By their kind; only the fork tells.'),
      }),
    ),
    jobs: z.array(jobSchema).nullable().describe('Null: not known.'),
  }),
  z.strictObject({ state: z.literal('missing').describe('The miner lists its workers, and not this one.') }),
  z.strictObject({ state: z.literal('unknown'), why: z.string() }),
]);

const processSchema = z.strictObject({
  role: z.enum(ROLE_NAMES),
  name: z.string(),
  group: z.string().describe('P1 of P1-3.'),
  state: z.enum(['running', 'stopped', 'twice', 'unknown']),
  instances: z
    .array(
      z.strictObject({
        pid: z.int(),
        since: z.string().nullable().describe('By the clock of its host; null: it does not tell.'),
        cpus: z.string().describe('That the kernel lets it run on, as it lists them: 0-3,8.'),
        hugeKib: z
          .int()
          .nullable()
          .describe('KiB of huge pages that it holds; null: the kernel does not tell.'),
      }),
    )
    .describe('One, but for twice.'),
  supervisor: z
    .strictObject({
      wanted: z.enum(['nohup', 'systemd']).describe('Of the inventory.'),
      running: z
        .enum(['nohup', 'systemd'])
        .nullable()
        .describe('What runs it; null: it does not run, or it is not known.'),
      unit: z.string().nullable().describe('The unit that runs it, or is to; null: none.'),
      state: z
        .string()
        .nullable()
        .describe('Of the unit that is to run it: active, activating, failed …; null: none, or not known.'),
    })
    .describe('Its start script, in the background (nohup), or a systemd unit.'),
  port: z.int(),
  listening: z.boolean().nullable().describe('Whether anybody listens there; null: not known.'),
  program: z.strictObject({
    path: z.string(),
    running: z.string().nullable().describe('Version that it runs; null: not known, or it does not run.'),
    linked: z.string().nullable().describe('Version that its path stands for; null: not known.'),
    wanted: z.string().nullable().describe('Version of the inventory.'),
    isLinked: z.boolean().nullable().describe('Whether it runs what its path stands for; null: not known.'),
  }),
  restart: z.array(z.string()).describe('Why a restart is owed; none: it is not.'),
  uncompared: z
    .array(z.string())
    .describe('Variables that could not be compared: the secret in them is not known here.'),
  miner: registrationSchema.nullable().describe('What the miner says of it; null: it is no worker.'),
});

const mountSchema = z.strictObject({
  target: z.string(),
  what: z.string(),
  state: z.enum(['mounted', 'not mounted', 'unknown']),
  source: z.string().exactOptional(),
  fstype: z.string().exactOptional(),
  bytes: z.number().exactOptional(),
  freeBytes: z.number().exactOptional(),
  why: z.string().exactOptional().describe('Of one that is unknown.'),
});

const gpuSchema = z.strictObject({
  address: z.string().describe('PCI address.'),
  name: z.string().nullable(),
  busy: z.number().nullable().describe('Percent.'),
  memoryUsed: z.number().nullable().describe('MiB'),
  memoryTotal: z.number().nullable().describe('MiB'),
  temperature: z.number().nullable().describe('Degrees Celsius.'),
});

const hostSchema = z.strictObject({
  host: z.string(),
  ...addressesShape,
  roles: z.array(z.enum(ROLE_NAMES)),
  state: z.enum(['seen', 'unseen', 'pending']).describe('unseen: it could not be looked at.'),
  overrides: z
    .strictObject({
      what: z.string(),
      until: z.string().describe('The last day on which it counts.'),
      reason: z.string(),
      over: z.boolean(),
    })
    .exactOptional()
    .describe('What it has less of than its profile, by the inventory; left out: nothing.'),
  troubles: z.array(troubleSchema).describe('The worst first.'),
  processes: z.array(processSchema).describe('In the order in which they are started.'),
  mounts: z.array(mountSchema),
  hugepages: z
    .strictObject({
      wanted: z.int(),
      nodes: z.array(z.strictObject({ node: z.int(), total: z.int(), free: z.int() })),
    })
    .nullable()
    .describe('Of 1 GiB; null: its roles use none.'),
  gpus: z.array(gpuSchema).describe('What their driver does not tell is null.'),
  backups: z
    .strictObject({
      directory: z.string(),
      state: z.enum(['ok', 'warn', 'bad', 'unknown']),
      newest: z.string().nullable().describe('Name of the newest whole one there; null: none, or not known.'),
      age: z.number().nullable().describe('Seconds, by the clock of its host; null: none, or not known.'),
      count: z.int().nullable().describe('Whole ones there; null: not known.'),
      hours: z.number().describe('Between two, as the inventory says.'),
    })
    .nullable()
    .describe('Of the metadata of its lotus-miner; null: it makes none.'),
  lockedBy: z
    .strictObject({ who: z.string(), run: z.string(), since: z.string() })
    .nullable()
    .describe('The run that is changing it right now.'),
});

const toldSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('known'), count: z.int() }),
  z.strictObject({ state: z.literal('pending').describe('It has not answered yet.') }),
  z.strictObject({ state: z.literal('unknown'), why: z.string() }),
]);

/** The documented form of a status. */
export const statusDocumentSchema = z.strictObject({
  format: z.literal(STATUS_FORMAT),
  miner: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  says: z
    .strictObject({ host: z.string().nullable(), workers: toldSchema, jobs: toldSchema })
    .describe('Whether the miner could be asked: where it could not, registrations are unknown.'),
  hosts: z.array(hostSchema).describe('In the order of the inventory, the miner first.'),
  counts: z.strictObject({
    hosts: z.int(),
    unseen: z.int(),
    pending: z.int(),
    processes: z.int().describe('Of the hosts that were seen.'),
    running: z.int(),
    bad: z.int().describe('Troubles of that severity.'),
    warn: z.int(),
  }),
});

export type StatusDocument = z.infer<typeof statusDocumentSchema>;
export type StatusHostDocument = z.infer<typeof hostSchema>;
export type StatusProcess = z.infer<typeof processSchema>;
export type StatusTrouble = z.infer<typeof troubleSchema>;
export type StatusMount = z.infer<typeof mountSchema>;

/** A status as the value that is printed, in whatever format. `now`: seconds since 1970. */
export const statusDocument = (status: ClusterStatus, now: number, words: Words): StatusDocument => {
  const hosts = status.hosts.map((host) => hostDocument(host, now, words));
  const processes = hosts.flatMap((host) => host.processes);
  const troubles = hosts.flatMap((host) => host.troubles);
  const inState = (state: StatusHostDocument['state']) => hosts.filter((host) => host.state === state).length;
  const worth = (severity: Trouble['severity']) => troubles.filter((one) => one.severity === severity).length;
  return {
    format: STATUS_FORMAT,
    miner: status.miner,
    at: momentOf(now) ?? '',
    says: {
      host: status.minerHost,
      workers: told(status.says?.workers),
      jobs: told(status.says?.jobs),
    },
    hosts,
    counts: {
      hosts: hosts.length,
      unseen: inState('unseen'),
      pending: inState('pending'),
      processes: processes.length,
      running: processes.filter(({ state }) => state === 'running' || state === 'twice').length,
      bad: worth('bad'),
      warn: worth('warn'),
    },
  };
};

type Says = NonNullable<ClusterStatus['says']>;

const told = (answer: Says['workers'] | Says['jobs'] | undefined): StatusDocument['says']['workers'] => {
  if (answer === undefined) return { state: 'pending' };
  return answer.type === 'understood'
    ? { state: 'known', count: answer.value.length }
    : { state: 'unknown', why: answer.why };
};

const NOTHING = {
  ...{ processes: [], mounts: [], hugepages: null, gpus: [], backups: null, lockedBy: null },
};

const hostDocument = (host: HostStatus, now: number, words: Words): StatusHostDocument => {
  const { roles, state, overrides } = host;
  const about = {
    ...{ host: host.host, ...addressesIn(host), roles: [...roles], state },
    ...(overrides && {
      overrides: {
        ...{ what: overrides.what, until: overrides.until, reason: overrides.reason },
        over: overrides.isOver,
      },
    }),
  };
  const troubles = troublesOf(host).map((trouble) => troubleDocument(trouble, words));
  if (host.state !== 'seen') return { ...about, ...NOTHING, troubles };
  const { processes, mounts, hugepages, gpus, backups, lockedBy } = host;
  return {
    ...about,
    troubles,
    processes: processes.map((process) => processDocument(process, now)),
    mounts: mounts.map((mount) => ({ ...mount })),
    hugepages: hugepages && {
      wanted: hugepages.wanted,
      nodes: hugepages.nodes.map((node) => ({ ...node })),
    },
    gpus: gpuDocuments(gpus),
    backups: backups && backupsDocument(backups),
    lockedBy: lockedBy && { ...lockedBy },
  };
};

const backupsDocument = (backups: BackupsStatus): StatusHostDocument['backups'] => {
  const { directory, there, hours } = backups;
  return {
    ...{ directory, hours },
    state: judgeBackups(backups).state,
    newest: there.type === 'read' ? (there.newest?.name ?? null) : null,
    age: ageOf(backups),
    count: there.type === 'read' ? there.count : null,
  };
};

const gpuDocuments = ({
  present,
  seen,
}: Extract<HostStatus, { state: 'seen' }>['gpus']): StatusHostDocument['gpus'] => {
  const known = seen.type === 'told' ? seen.gpus : [];
  const unknown = { name: null, busy: null, memoryUsed: null, memoryTotal: null, temperature: null };
  const addresses = [...new Set([...present, ...known.map(({ address }) => address)])];
  return addresses.map((address) => ({
    ...(known.find((gpu) => gpu.address === address) ?? unknown),
    address,
  }));
};

const troubleDocument = (trouble: Trouble, words: Words): StatusTrouble => {
  const { severity, kind, processes, message, why } = trouble;
  return {
    ...{ severity, kind, message },
    processes: [...processes],
    ...(why !== undefined && { why }),
    ...adviceOf(trouble.next, words),
  };
};

const stateOf = ({ running }: ProcessStatus): StatusProcess['state'] => {
  if (running === null) return 'unknown';
  if (running.length > 1) return 'twice';
  return running.length === 1 ? 'running' : 'stopped';
};

const processDocument = (process: ProcessStatus, now: number): StatusProcess => {
  const { role, name, group, port, listening, program, restart, uncompared, registration, supervisor } =
    process;
  return {
    ...{ role, name, group },
    state: stateOf(process),
    instances: (process.running ?? []).map(({ pid, since, cpus, hugeKib }) => ({
      pid,
      since: momentOf(since),
      cpus,
      hugeKib,
    })),
    supervisor: { ...supervisor },
    ...{ port, listening },
    program: { ...program },
    restart: [...restart],
    uncompared: [...uncompared],
    miner: registration && registrationDocument(registration, now),
  };
};

const registrationDocument = (
  registration: NonNullable<ProcessStatus['registration']>,
  now: number,
): StatusProcess['miner'] => {
  switch (registration.type) {
    case 'missing':
      return { state: 'missing' };
    case 'unknown':
      return { state: 'unknown', why: registration.why };
    case 'registered':
      return {
        state: 'registered',
        workers: registration.workers.map(({ id, disabled, tasks }) => ({
          id,
          disabled,
          tasks: Object.fromEntries(tasks),
        })),
        jobs:
          registration.jobs?.map(({ id, sector, task, state, seconds }) => ({
            ...{ id, sector, task, seconds },
            state: state.type,
            since: momentOf(now - seconds),
          })) ?? null,
      };
  }
};
