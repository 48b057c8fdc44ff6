import type { SectorSize } from '../core/profile.ts';

/** A NUMA node. CPUs are the kernel's logical numbers. */
export interface TopologyNode {
  readonly id: number;
  readonly socket: number;
  /** Every logical CPU of the node, hyper-threads included, ascending. */
  readonly cpus: readonly number[];
  /** The threads of each physical core, its first thread first; one number each where SMT is off. */
  readonly cores: readonly (readonly number[])[];
  /** The node's physical cores by the L3 cache that they share, as first threads. */
  readonly l3Groups: readonly (readonly number[])[];
  readonly memoryGiB: number;
}

/** What a hardware model looks like to the kernel. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  /** 1: hyper-threading off. */
  readonly threadsPerCore: number;
  /** The CPUs behind each L3 cache as the kernel lists them: hyper-threads included, in order of their first CPU. */
  readonly l3Caches: readonly (readonly number[])[];
}

/** Huge pages of 1 GiB on one NUMA node. */
export interface NodePages {
  readonly node: number;
  readonly pages: number;
}

export interface P1Task {
  /** From 1; the `Np1` of directories and scripts. */
  readonly index: number;
  /** In the order of FIL_PROOFS_CC_CPU_SET_STR: its own L3 group's cores, then a producer on the node before. */
  readonly cpus: readonly number[];
  /** FIL_PROOFS_NUMA_NODE: the nodes that `pages` are on, in order. */
  readonly numaNodes: readonly number[];
  readonly pages: readonly NodePages[];
  /** 10000 + index (handbook 2.2.6.4). */
  readonly port: number;
}

/** A NUMA node of a P1 machine with its share of the huge pages. */
export interface P1Node extends TopologyNode {
  /** Huge pages of 1 GiB. */
  readonly pages: number;
}

/** A P1 machine: APx, P1 × n and P2 (handbook 2.2). */
export interface P1Layout {
  readonly kind: 'p1';
  readonly profile: string;
  readonly sectorSize: SectorSize;
  readonly threadsPerCore: number;
  readonly nodes: readonly P1Node[];
  /** Huge pages of 1 GiB on all nodes. */
  readonly totalPages: number;
  /** FIL_PROOFS_MAX_NUMA_NODE and mimalloc_use_numa_nodes. */
  readonly numaNodeCount: number;
  /** Takes its huge pages last, and runs P2 in place of P1. */
  readonly gpuNode: number;
  /** False only where a test network does without: P2 then has that node all the same. */
  readonly hasGpu: boolean;
  readonly tasks: readonly P1Task[];
  readonly apx: { readonly port: number; readonly maxSealing: number };
  readonly p2: { readonly cpus: readonly number[]; readonly port: number };
}

export interface C2Worker {
  /** From 1; the `Nc2` of directories and scripts. */
  readonly index: number;
  /** In the order of BELLMAN_CPU_SET: feeding cores and their siblings, then the share and its siblings. */
  readonly cpus: readonly number[];
  /** Those of `cpus` that come first to feed the GPU; none where the row is pinned. */
  readonly feedingCpus: readonly number[];
  /** 20000 + 10 × index (handbook 2.3.4.3). */
  readonly port: number;
  /** Index in the machine's own list of GPUs, from 0. */
  readonly gpu: number;
  /** NUMA node of that GPU. */
  readonly gpuNode: number;
}

/** A C2 machine: one worker a GPU (handbook 2.3). */
export interface C2Layout {
  readonly kind: 'c2';
  readonly profile: string;
  readonly threadsPerCore: number;
  readonly nodes: readonly TopologyNode[];
  readonly workers: readonly C2Worker[];
}

/** A machine that runs APx alone: it has any core, and no huge pages. */
export interface ApxLayout {
  readonly kind: 'apx';
  readonly profile: string;
  readonly sectorSize: SectorSize;
  readonly threadsPerCore: number;
  readonly nodes: readonly TopologyNode[];
  readonly port: number;
  /** Sectors that it takes on at a time (handbook 2.2.6.3.2). */
  readonly maxSealing: number;
}

export type Layout = P1Layout | C2Layout | ApxLayout;
