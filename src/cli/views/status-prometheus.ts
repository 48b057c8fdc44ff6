import type { StatusDocument, StatusHostDocument, StatusProcess } from './status-document.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [Labels, number];

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * A status in the text format of Prometheus (version 0.0.4). What is not known has no sample: nothing is zero that was
 * not seen.
 */
export const statusPrometheus = (document: StatusDocument): string =>
  metrics(document)
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');

/** Backslashes, quotes and ends of lines are written with a backslash. */
const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelText = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;

const numberOf = (is: boolean): number => (is ? 1 : 0);

const metrics = (document: StatusDocument): readonly Metric[] => {
  const { miner, hosts, says } = document;
  const seen = hosts.filter(({ state }) => state === 'seen');
  const cluster: Labels = { miner };
  const ofHost = ({ host }: StatusHostDocument): Labels => ({ miner, host });
  const ofProcess = (host: StatusHostDocument, { role, name }: StatusProcess): Labels => ({
    ...ofHost(host),
    role,
    process: name,
  });
  const each = (sample: (labels: Labels, process: StatusProcess) => readonly Sample[]): readonly Sample[] =>
    seen.flatMap((host) => host.processes.flatMap((process) => sample(ofProcess(host, process), process)));
  return [
    {
      name: 'fcops_status_time_seconds',
      help: 'When the status was taken, by the clock of its controller.',
      samples: [[cluster, Date.parse(document.at) / 1000]],
    },
    {
      name: 'fcops_miner_answers',
      help: 'Whether lotus-miner told its workers (1) or could not be asked or understood (0).',
      samples: [[cluster, numberOf(says.workers.state === 'known')]],
    },
    {
      name: 'fcops_host_seen',
      help: 'Whether the host could be looked at.',
      samples: hosts
        .filter(({ state }) => state !== 'pending')
        .map((host): Sample => [ofHost(host), numberOf(host.state === 'seen')]),
    },
    {
      name: 'fcops_host_troubles',
      help: 'Troubles of the host by their severity.',
      samples: hosts.flatMap((host) =>
        (['bad', 'warn'] as const).map(
          (severity): Sample => [
            { ...ofHost(host), severity },
            host.troubles.filter((one) => one.severity === severity).length,
          ],
        ),
      ),
    },
    {
      name: 'fcops_process_running',
      help: 'Whether the process runs.',
      samples: each((labels, { state, instances }) =>
        state === 'unknown' ? [] : [[labels, numberOf(instances.length > 0)]],
      ),
    },
    {
      name: 'fcops_process_start_time_seconds',
      help: 'Since when the process runs, by the clock of its host.',
      samples: each((labels, { instances: [one] }) =>
        one?.since ? [[labels, Date.parse(one.since) / 1000]] : [],
      ),
    },
    {
      name: 'fcops_process_info',
      help: 'Version that the process runs, and that of the inventory.',
      samples: each((labels, { instances, program: { running, wanted } }) =>
        instances.length > 0 ? [[{ ...labels, version: running ?? '', wanted: wanted ?? '' }, 1]] : [],
      ),
    },
    {
      name: 'fcops_process_restart_owed',
      help: 'Whether the process runs with something older than what is there.',
      samples: each((labels, { instances, restart }) =>
        instances.length > 0 ? [[labels, numberOf(restart.length > 0)]] : [],
      ),
    },
    {
      name: 'fcops_process_listening',
      help: 'Whether anybody listens on the port of the process.',
      samples: each((labels, { listening }) => (listening === null ? [] : [[labels, numberOf(listening)]])),
    },
    {
      name: 'fcops_process_hugepages_bytes',
      help: 'Huge pages that the process holds.',
      samples: each((labels, { instances: [one] }) =>
        one?.hugeKib === null || one === undefined ? [] : [[labels, one.hugeKib * 1024]],
      ),
    },
    {
      name: 'fcops_worker_registered',
      help: 'Whether the miner lists the worker, and has not lost it. No sample: it is not known.',
      samples: each((labels, { miner: word }) =>
        word === null || word.state === 'unknown'
          ? []
          : [
              [
                labels,
                numberOf(word.state === 'registered' && word.workers.some(({ disabled }) => !disabled)),
              ],
            ],
      ),
    },
    {
      name: 'fcops_worker_tasks_running',
      help: 'Tasks that the worker is at, as the miner lists them.',
      samples: each((labels, { miner: word }) =>
        word?.state === 'registered' && word.jobs !== null
          ? [[labels, word.jobs.filter(({ state }) => state === 'running').length]]
          : [],
      ),
    },
    {
      name: 'fcops_worker_task_seconds',
      help: 'How long the oldest task of the worker has been running.',
      samples: each((labels, { miner: word }) => {
        const running = word?.state === 'registered' ? (word.jobs ?? []) : [];
        const seconds = running.filter(({ state }) => state === 'running').map((job) => job.seconds);
        return seconds.length > 0 ? [[labels, Math.max(...seconds)]] : [];
      }),
    },
    ...machineMetrics(seen, ofHost),
  ];
};

const machineMetrics = (
  seen: readonly StatusHostDocument[],
  ofHost: (host: StatusHostDocument) => Labels,
): readonly Metric[] => {
  const mounts = (
    sample: (labels: Labels, mount: StatusHostDocument['mounts'][number]) => readonly Sample[],
  ) =>
    seen.flatMap((host) =>
      host.mounts.flatMap((mount) => sample({ ...ofHost(host), mount: mount.target }, mount)),
    );
  const gpus = (value: (gpu: StatusHostDocument['gpus'][number]) => number | null) =>
    seen.flatMap((host) =>
      host.gpus.flatMap((gpu): readonly Sample[] => {
        const known = value(gpu);
        return known === null ? [] : [[{ ...ofHost(host), gpu: gpu.address }, known]];
      }),
    );
  const pages = (of: 'total' | 'free') =>
    seen.flatMap((host) =>
      (host.hugepages?.nodes ?? []).map(
        (node): Sample => [{ ...ofHost(host), node: `${node.node}` }, node[of]],
      ),
    );
  return [
    {
      name: 'fcops_mount_up',
      help: 'Whether something is mounted there, and answers.',
      samples: mounts((labels, { state }) => [[labels, numberOf(state === 'mounted')]]),
    },
    {
      name: 'fcops_mount_size_bytes',
      help: 'Size of what is mounted there.',
      samples: mounts((labels, { bytes }) => (bytes === undefined ? [] : [[labels, bytes]])),
    },
    {
      name: 'fcops_mount_free_bytes',
      help: 'Room that is left there.',
      samples: mounts((labels, { freeBytes }) => (freeBytes === undefined ? [] : [[labels, freeBytes]])),
    },
    {
      name: 'fcops_backup_age_seconds',
      help: 'Age of the newest whole backup of the miner. No sample: there is none, or it is not known.',
      samples: seen.flatMap((host): readonly Sample[] =>
        host.backups === null || host.backups.age === null ? [] : [[ofHost(host), host.backups.age]],
      ),
    },
    {
      name: 'fcops_backup_good',
      help: 'Whether the newest whole backup of the miner is as new as the inventory wants it.',
      samples: seen.flatMap((host): readonly Sample[] =>
        host.backups === null || host.backups.state === 'unknown'
          ? []
          : [[ofHost(host), numberOf(host.backups.state !== 'bad')]],
      ),
    },
    { name: 'fcops_hugepages_total', help: 'Huge pages of 1 GiB.', samples: pages('total') },
    { name: 'fcops_hugepages_free', help: 'Those of them that are free.', samples: pages('free') },
    {
      name: 'fcops_gpu_told',
      help: 'Whether the NVIDIA driver tells of the GPU.',
      samples: gpus(({ name }) => numberOf(name !== null)),
    },
    { name: 'fcops_gpu_busy_percent', help: 'As its driver tells it.', samples: gpus(({ busy }) => busy) },
    {
      name: 'fcops_gpu_temperature_celsius',
      help: 'As its driver tells it.',
      samples: gpus(({ temperature }) => temperature),
    },
  ];
};
