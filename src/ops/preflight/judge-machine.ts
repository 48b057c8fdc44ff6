import { look, shellOnHost } from '../../core/next.ts';
import { kernelAddress } from '../../resources/ports/look.ts';
import { addressFinding } from '../../roles/listen-address.ts';
import { CLOCK_LIMIT, isWithin, offsetOf, offsetText } from '../clock-offset.ts';
import type { Answers, Listener } from './ask.ts';
import { coresText } from './ask.ts';
import type { Finding } from './finding.ts';
import { fine } from './finding.ts';
import type { Sought, SoughtPort } from './sought.ts';

/** Beyond it, what is signed for a time (TLS, lists of packages) may be refused, and lotus takes no blocks. */
const CLOCK_OFF = 5 * 60_000;

/** When the question was sent and its answer came, in milliseconds by our own clock. */
export interface Trip {
  readonly sent: number;
  readonly received: number;
}

/** Whether the clock of the host is right by ours. */
export const clockFinding = (
  { setsClock }: Pick<Sought, 'setsClock'>,
  { clock }: Answers,
  trip: Trip,
): Finding => {
  const about = { check: 'clock', about: 'clock' } as const;
  if (clock === null)
    return {
      ...about,
      state: 'unknown',
      message: 'what time its clock has is not known: its date command prints none',
    };
  const found = offsetOf(clock, trip.sent, trip.received);
  const by =
    clock.synchronized.type === 'no' && clock.synchronized.by !== 'kernel' ? clock.synchronized.by : null;
  const why =
    by === null ? {} : { why: `${by === 'chrony' ? 'chronyd' : 'ntpd'} says that it is not in step` };
  const text = `its clock is ${offsetText(found)}`;
  switch (isWithin(found, CLOCK_LIMIT)) {
    case null:
      return {
        ...about,
        state: 'unknown',
        message: `whether its clock is right cannot be told: ${offsetText(found)}`,
        ...why,
      };
    case true:
      return by === null ? fine('clock', 'clock', text) : { ...about, state: 'warn', message: text, ...why };
    case false:
      return {
        ...about,
        // What the same run puts in place sets it.
        state: isWithin(found, CLOCK_OFF) === false && !setsClock ? 'off' : 'warn',
        message: text,
        ...why,
        next: [
          look(
            'set it (ntpdate, chronyc makestep), and see what keeps it: variables.ntpServer of the inventory, or chronyd; or this machine is the one that is wrong',
          ),
        ],
      };
  }
};

/** Whether the machine has the address that its workers are to listen on. */
export const addressFindings = (
  { host, listen, seeksListen }: Sought,
  { addresses }: Answers,
): readonly Finding[] => {
  if (!seeksListen) return [];
  const about = { check: 'address', about: listen } as const;
  const found = addressFinding({ host, listen }, addresses ?? { status: 1, output: '' });
  if (found === null) return [fine('address', listen, `it has the address ${listen} to listen on`)];
  if ('unknown' in found) return [{ ...about, state: 'unknown', message: found.unknown }];
  return [{ ...about, state: 'off', ...found }];
};

/** Whether the ports of what is started are free, and nothing else is at work on its cores. */
export const portsAndCores = (sought: Sought, answers: Answers): Finding[] => [
  ...portFindings(sought, answers),
  ...coreFindings(sought, answers),
];

const portFindings = ({ ports, listen }: Sought, { listeners }: Answers): Finding[] => {
  if (ports.length === 0) return [];
  if (listeners === null)
    return [
      {
        check: 'ports',
        about: 'ports',
        state: 'unknown',
        message: 'who listens on the ports of its processes is not known: the host did not say in time',
      },
    ];
  const taken = ports.flatMap((one) => portFinding(one, listen, listeners));
  if (taken.length > 0) return taken;
  return [
    fine('ports', 'ports', ports.length === 1 ? 'its port is free' : `all ${ports.length} ports are free`),
  ];
};

const portFinding = (
  { name, port, repository }: SoughtPort,
  listen: string,
  listeners: readonly Listener[],
): Finding[] => {
  const others = listeners.filter((one) => one.port === port && one.repository !== repository);
  const there = others.find((one) => isThere(one, listen));
  // Another address of the machine leaves the process its own; whose it is has to be known to say more.
  const beside = others.find(({ pid }) => typeof pid === 'number');
  const found = there ?? beside;
  if (!found) return [];
  const { pid, command } = found;
  const who =
    pid === null ? 'a process that the host cannot name' : `process ${pid} (${command || 'without a name'})`;
  const about = { check: 'ports', about: String(port) } as const;
  // It may be the process itself.
  if (pid === 'unread')
    return [
      {
        ...about,
        state: 'unknown',
        message: `port ${port} of ${name} is listened on, and by whom is not known: the host did not say in time`,
        next: [shellOnHost(`ss -lptn 'sport = :${port}'`, 'see who it is')],
      },
    ];
  if (!there)
    return [
      {
        ...about,
        state: 'warn',
        message: `port ${port} of ${name} is listened on at another address, by ${who}`,
      },
    ];
  return [
    {
      ...about,
      state: 'off',
      message: `port ${port} of ${name} is taken by ${who}`,
      next:
        pid === null
          ? [shellOnHost(`ss -lptn 'sport = :${port}'`, 'see who it is')]
          : [look('end it where it is nothing that has to run here, or have it listen elsewhere')],
    },
  ];
};

const isThere = ({ address: at }: Listener, address: string): boolean =>
  /^0+$/.test(at) || at.endsWith(kernelAddress(address));

const coreFindings = ({ cpus }: Sought, { busy }: Answers): Finding[] => {
  if (cpus.length === 0) return [];
  if (busy === null)
    return [
      {
        check: 'cores',
        about: 'cores',
        state: 'unknown',
        message: 'what else is at work on its cores is not known: the host did not say in time',
      },
    ];
  const ours = new Set(cpus);
  const found = busy.flatMap(({ pid, percent, cpus: at, command }): Finding[] => {
    const on = at.filter((cpu) => ours.has(cpu));
    if (on.length === 0) return [];
    return [
      {
        check: 'cores',
        about: command,
        state: 'warn',
        message: `process ${pid} (${command || 'without a name'}) is at work on ${on.length === 1 ? 'core' : 'cores'} ${coresText(on)} of its processes, ${percent} % of a core`,
        next: [look('end it, or keep it from these cores (taskset)')],
      },
    ];
  });
  return found.length > 0 ? found : [fine('cores', 'cores', 'nothing else is at work on its cores')];
};
