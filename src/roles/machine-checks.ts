import type { Facts } from '../core/facts.ts';
import type { Next } from '../core/next.ts';
import { edit, look } from '../core/next.ts';
import type { Host } from '../inventory/cluster.ts';
import { compareTopology } from '../layout/compare.ts';
import type { Layout } from '../layout/types.ts';
import type { Finding } from '../resources/assertion/assertion.ts';
import { assertion } from '../resources/assertion/assertion.ts';
import type { Resource } from '../resources/resource.ts';
import type { Severity } from './checks.ts';
import { usableGpus } from './gpus.ts';

/**
 * The machine is what its profile and its inventory say (handbook 2.2.1, 2.3.1): distribution, kernel, and
 * everything that the layout was solved for: CPU model, cores, hyper-threading, NUMA nodes, memory, GPUs.
 */
export const machineChecks = (host: Host, layout: Layout, severity: Severity): Resource[] => [
  ...systemChecks(host, severity),
  assertion({
    name: 'hardware',
    asks: [],
    severity,
    check: ({ facts }) => checkHardware(host, layout, facts),
  }),
];

/** What runs on the machine: distribution and kernel. */
export const systemChecks = (host: Host, severity: Severity): Resource[] => [
  assertion({
    name: 'distribution',
    asks: [],
    severity,
    check: ({ facts }) => checkDistribution(host, facts),
  }),
  assertion({ name: 'kernel', asks: [], severity, check: ({ facts }) => checkKernel(host, facts) }),
];

const checkDistribution = (host: Host, { os }: Facts): Finding => {
  const { id, version } = host.os;
  const same = os.id === id && (version === undefined || version === os.version);
  if (same) return null;
  return {
    message: `the machine runs ${os.id} ${os.version}, the inventory says ${version ? `${id} ${version}` : id}`,
    next: [edit(`set os of ${host.name} to what it runs, or give it the distribution that was planned`)],
  };
};

const checkKernel = (host: Host, { kernel }: Facts): Finding =>
  isOlder(kernel, host.variables.minKernel)
    ? {
        message: `the machine runs kernel ${kernel}, at least ${host.variables.minKernel} is needed`,
        next: [look('install a newer kernel of the distribution and reboot')],
      }
    : null;

/** Whether the numbers at the front of a kernel version (`3.10.0-1160.el7`) are below those wanted. */
const isOlder = (kernel: string, wanted: string): boolean => {
  const has = numbersOf(kernel);
  const wants = numbersOf(wanted);
  const at = wants.findIndex((number, index) => number !== (has[index] ?? 0));
  return at !== -1 && (has[at] ?? 0) < (wants[at] ?? 0);
};

const numbersOf = (version: string): number[] => (version.match(/^[\d.]+/)?.[0] ?? '').split('.').map(Number);

const checkHardware = (host: Host, layout: Layout, facts: Facts): Finding => {
  const differences = compareTopology(
    host.profile,
    { ...facts, gpus: [...usableGpus(host, facts.gpus)] },
    layout,
  );
  if (differences.length === 0) return null;
  const message = differences.map(({ what }) => what).join('\n');
  const next = uniqueAdvice(differences.flatMap((difference) => difference.next ?? []));
  return next.length === 0 ? { message } : { message, next };
};

/** What helps against several differences is said once. */
const uniqueAdvice = (next: readonly Next[]): Next[] => [
  ...new Map(next.map((one) => [JSON.stringify(one), one])).values(),
];
