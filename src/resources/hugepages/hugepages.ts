import { edit } from '../../core/next.ts';
import { count, formatBytes, KiB } from '../../core/units.ts';
import type { Observation } from '../look.ts';
import type { Resource } from '../resource.ts';
import { detail } from '../resource.ts';
import { unitName } from '../systemd/unit.ts';
import { askHugepages, hugepagesLook } from './look.ts';
import type { HugepagesUser } from './step.ts';
import { HUGEPAGES_DEADLINE } from './step.ts';

export interface HugepagesSpec {
  readonly pageKib: number;
  /** Pages by NUMA node, from node 0. */
  readonly perNode: readonly number[];
  /** The systemd unit that allocates them (handbook 2.2.5.3). */
  readonly unit: string;
  /** What uses them, in the order in which it starts: told of where pages come out short. Names without blanks. */
  readonly users?: readonly HugepagesUser[];
}

/**
 * Every NUMA node has its pages. A kernel that was started without them needs a reboot; else the unit that
 * allocates them is run again and waited for, and what comes out short fails with the nodes, their pages, and what
 * can be started with them.
 */
export const hugepages = ({ pageKib, perNode, unit, users = [] }: HugepagesSpec): Resource => {
  const size = formatBytes(pageKib * KiB);
  const name = unitName(unit);
  return {
    kind: 'hugepages',
    id: `hugepages:${pageKib}`,
    title: `hugepages of ${size}`,
    asks: [askHugepages(pageKib)],
    leaves: (host) =>
      host.put(
        hugepagesLook,
        String(pageKib),
        perNode.map((total, node) => ({ node, total, free: total })),
      ),
    diff: (seen) => {
      const nodes = hugepagesLook.seen(seen, String(pageKib));
      if (!nodes) return hugepagesLook.unseen(seen, String(pageKib));
      const present = new Map(nodes.map(({ node, total }) => [node, total]));
      const details = perNode.flatMap((wanted, node) =>
        detail(`node ${node}`, count(present.get(node) ?? 0, 'page'), count(wanted, 'page')).filter(
          () => present.get(node) !== wanted,
        ),
      );
      if (details.length === 0) return { state: 'same' };
      if (nodes.length === 0 || lacksArgument(seen, pageKib)) {
        return {
          state: 'reboot',
          reason: `pages of ${size} are there when the kernel is started for them; the running one is not`,
        };
      }
      const missing = perNode.findIndex((wanted, node) => wanted > 0 && !present.has(node));
      if (missing >= 0) {
        return {
          state: 'violated',
          violation: {
            message: `${count(perNode[missing] ?? 0, 'page')} of ${size} shall be on NUMA node ${missing}, and the host has only ${count(nodes.length, 'node')}`,
            next: [edit('set the NUMA nodes in its firmware as the profile says, or correct the profile')],
            severity: 'enforce',
          },
        };
      }
      if (!seen.facts.systemd) {
        return { state: 'unknown', reason: `systemd does not run on this host, so ${name} cannot allocate` };
      }
      return {
        state: 'change',
        change: {
          action: 'run',
          details,
          steps: [
            { step: 'allocate-hugepages', unit: name, pageKib, perNode, users, deadline: HUGEPAGES_DEADLINE },
          ],
        },
      };
    },
  };
};

/** 1 GiB pages are only reliably there where the kernel was started for them; smaller ones need no argument. */
const lacksArgument = (seen: Observation, pageKib: number): boolean =>
  pageKib === 1024 * 1024 &&
  !seen.facts.kernelArguments.some((argument) =>
    /^(default_)?hugepagesz=(1G|1024M|1048576K)$/i.test(argument),
  );
