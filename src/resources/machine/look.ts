import type { z } from 'zod';
import { parseCpuRanges } from '../../core/cpu-list.ts';
import type { Facts } from '../../core/facts.ts';
import { factsSchema } from '../../core/facts.ts';
import { groupBy } from '../../core/group-by.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { splitKernelLine } from '../grub/kernel-line.ts';
import type { Answer } from '../look.ts';
import shell from './look.sh';

/** Bash functions that `factsCall` uses. */
export const factsShell: string = shell;

/** Bash that prints the rows of the facts; part of every observation. */
export const factsCall = 'fcops_facts';

/** What is called in messages as operators know it. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ['hostname', '/proc/sys/kernel/hostname'],
  ['os', 'ID in /etc/os-release'],
  ['kernel', '/proc/sys/kernel/osrelease'],
  ['bootId', '/proc/sys/kernel/random/boot_id'],
  ['cpu', '/proc/cpuinfo and /sys/devices/system/cpu/online'],
  ['memoryKib', 'MemTotal in /proc/meminfo'],
  ['numaNodes', '/sys/devices/system/node'],
]);

/** The facts from the answer of a host, or which of them are missing. */
export const parseFacts = (answer: Answer): Result<Facts, string> => {
  const facts = (answer.get('fact') ?? []).map(([, ...fields]) => fields);
  try {
    const parsed = factsSchema.safeParse(assemble(facts));
    return parsed.success ? ok(parsed.data) : err(missing(parsed.error));
  } catch (error) {
    if (error instanceof RangeError) return err(`the host's facts cannot be read: ${error.message}`);
    throw error;
  }
};

const missing = (error: z.ZodError): string => {
  const keys = new Set(error.issues.map(({ path }) => String(path[0])));
  const named = [...keys].map((key) => `${key} (${SOURCES.get(key) ?? 'the kernel'})`);
  return `the host did not tell all of its facts: ${named.join(', ')}`;
};

type Fields = readonly string[];

/** The facts as far as they are known: the schema says what is missing. */
const assemble = (facts: readonly Fields[]): unknown => {
  const byKey = groupBy(facts, ([name]) => name);
  const all = (key: string): Fields[] => (byKey.get(key) ?? []).map(([, ...rest]) => rest);
  const one = (key: string): string | undefined => all(key)[0]?.[0] || undefined;
  const table = (key: string): Map<string, string> =>
    new Map(all(key).map(([name = '', value = '']) => [name, value]));
  const os = table('os');
  const online = parseCpuRanges(one('online') ?? '');
  const memoryKib = Number(one('memory'));
  const known = all('node').map(([id, memory, cpus = '']) => ({
    id: Number(id),
    cpus: parseCpuRanges(cpus),
    memoryKib: Number(memory),
  }));
  // A kernel without NUMA has no nodes, and what programs then call node 0 is the whole machine.
  const numaNodes =
    known.length > 0 ? known.sort((a, b) => a.id - b.id) : [{ id: 0, cpus: online, memoryKib }];
  const l3 = all('l3').map(([list = '']) => parseCpuRanges(list));
  return {
    hostname: one('hostname'),
    // Rolling distributions have no version.
    os: { id: os.get('ID'), version: os.get('VERSION_ID') ?? '' },
    kernel: one('kernel'),
    bootId: one('boot'),
    kernelArguments: splitKernelLine(one('cmdline') ?? ''),
    systemd: one('systemd') === 'yes',
    cpu: assembleCpu(table('cpu'), online.length),
    memoryKib,
    numaNodes,
    // Virtual machines often hide their caches: then what shares memory is taken to share a cache.
    l3Groups: l3.length > 0 ? l3 : numaNodes.map(({ cpus }) => cpus).filter((cpus) => cpus.length > 0),
    gpus: all('gpu').map(([address = '', node]) => ({
      address,
      busId: Number.parseInt(address.split(':').at(-2) ?? '', 16),
      numaNode: Number(node),
    })),
    disks: all('disk').map(([name = '', sectors, rotational]) => ({
      name,
      // Sectors of /sys/block are 512 bytes whatever the disk's own are.
      bytes: Number(sectors) * 512,
      rotational: rotational === '1',
    })),
  };
};

const VENDORS: ReadonlyMap<string, 'amd' | 'intel'> = new Map([
  ['AuthenticAMD', 'amd'],
  ['GenuineIntel', 'intel'],
]);

const assembleCpu = (cpuinfo: ReadonlyMap<string, string>, count: number): Facts['cpu'] => {
  // Machines that are not x86 say nothing of siblings: one socket, one thread a core.
  const siblings = Number(cpuinfo.get('siblings') ?? count) || count;
  const cores = Number(cpuinfo.get('cpu cores') ?? siblings) || siblings;
  return {
    vendor: VENDORS.get(cpuinfo.get('vendor_id') ?? '') ?? 'other',
    model: cpuinfo.get('model name') ?? 'unknown',
    count,
    sockets: Math.max(1, Math.round(count / siblings)),
    coresPerSocket: cores,
    threadsPerCore: Math.max(1, Math.round(siblings / cores)),
  };
};
