import { words } from '../../core/shell.ts';
import type { Ask, Observation } from '../look.ts';
import { defineLook } from '../look.ts';
import { textShell, unescapeText } from '../text/text.ts';
import shell from './look.sh';

/** What the NVIDIA driver says of the GPUs of a host. */
export interface GpusAsk extends Ask {
  readonly look: 'gpus';
}

export const askGpus: GpusAsk = { look: 'gpus' };

/** A GPU as its driver tells it. Null: the driver does not tell. */
export interface GpuState {
  /** PCI address `0000:21:00.0`, as in the facts. */
  readonly address: string;
  readonly name: string;
  /** Percent. */
  readonly busy: number | null;
  /** MiB. */
  readonly memoryUsed: number | null;
  readonly memoryTotal: number | null;
  /** Degrees Celsius. */
  readonly temperature: number | null;
}

export type GpusSeen =
  | { readonly type: 'told'; readonly gpus: readonly GpuState[] }
  | { readonly type: 'driver not loaded' }
  /** The driver is there, and what it says is not known. */
  | { readonly type: 'unknown'; readonly why: string };

const FIELDS = 'pci.bus_id,name,utilization.gpu,memory.used,memory.total,temperature.gpu';
const KEY = 'all';

export const gpusLook = defineLook<GpusAsk, GpusSeen>({
  name: 'gpus',
  is: (ask): ask is GpusAsk => ask.look === 'gpus',
  shell: [textShell, shell],
  key: () => KEY,
  call: () => words('fcops_gpus', FIELDS),
  rows: ['gpus'],
  parse: (rows) => ({
    seen: new Map(rows.slice(0, 1).map((row) => [KEY, readGpus(row)])),
    reasons: new Map(),
  }),
});

/** The GPUs as the driver tells them. */
export const gpusOf = (seen: Pick<Observation, 'answer'>): GpusSeen =>
  gpusLook.seen(seen, KEY) ?? { type: 'unknown', why: 'the host did not answer for its GPUs' };

const readGpus = ([, what, status = '', text = '']: readonly string[]): GpusSeen => {
  if (what === 'not loaded') return { type: 'driver not loaded' };
  if (what === 'nobody') return { type: 'unknown', why: 'there is no nvidia-smi' };
  // 124 and 137: timeout had to end or kill it.
  if (what !== 'asked' || status === '124' || status === '137')
    return { type: 'unknown', why: 'nvidia-smi gave no answer within 5 s' };
  const lines = unescapeText(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (status !== '0')
    return { type: 'unknown', why: lines.at(-1)?.trim() || `nvidia-smi ended with status ${status}` };
  const gpus = lines.map(readGpu);
  const strange = lines[gpus.indexOf(null)];
  return gpus.every((gpu) => gpu !== null)
    ? { type: 'told', gpus }
    : { type: 'unknown', why: `nvidia-smi is not understood: ${strange}` };
};

/** `00000000:21:00.0, NVIDIA GeForce RTX 3090, 98, 10240, 24268, 71`; what a card has not is `[N/A]`. */
const readGpu = (line: string): GpuState | null => {
  const fields = line.split(',').map((field) => field.trim());
  const address = /^[\dA-F:.]+$/i.test(fields[0] ?? '') ? gpuAddress(fields[0] ?? '') : null;
  const [busy, memoryUsed, memoryTotal, temperature] = fields.slice(-4).map(numberOf);
  if (address === null || fields.length < 6) return null;
  return {
    address,
    name: fields.slice(1, -4).join(', '),
    busy: busy ?? null,
    memoryUsed: memoryUsed ?? null,
    memoryTotal: memoryTotal ?? null,
    temperature: temperature ?? null,
  };
};

/** The first PCI address in what the NVIDIA driver says (`00000000:21:00.0`), as the kernel writes it; null: there is none. */
export const gpuAddress = (text: string): string | null => {
  const [, domain, place] = /\b([\da-f]{4,8}):([\da-f]{2}:[\da-f]{2}\.\d)\b/i.exec(text) ?? [];
  return domain === undefined || place === undefined ? null : `${domain.slice(-4)}:${place}`.toLowerCase();
};

const numberOf = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);
