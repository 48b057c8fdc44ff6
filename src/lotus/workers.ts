import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { bytesOf, countOf } from './numbers.ts';
import { isIndented, saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

export interface Memory {
  readonly percent: number;
  /** Bytes, to four digits. */
  readonly used: number;
  readonly total: number;
}

/** A worker as `lotus-miner sealing workers` lists it; the miner's own process is one of them. */
export interface SealingWorker {
  /** A UUID, another one after each start; a small number up to lotus 1.1. */
  readonly id: string;
  /** Empty where the worker does not tell its host. */
  readonly host: string;
  /** The miner has lost it, or it was disabled by hand. */
  readonly disabled: boolean;
  /**
   * Kinds of tasks that it is not given. `unknown` where the program does not tell: the official one never does, and
   * the fork once printed `(paused)` for those that were not.
   */
  readonly paused: 'unknown' | readonly string[];
  readonly group: string | null;
  /** Where it listens; only the fork tells. */
  readonly url: { readonly host: string; readonly port: number } | null;
  readonly cores: { readonly used: number; readonly total: number | null } | null;
  readonly ram: Memory | null;
  readonly virtual: Memory | null;
  readonly gpus: readonly { readonly name: string; readonly used: boolean | null }[];
  /** Tasks at work by their kind; only the fork tells. */
  readonly tasks: ReadonlyMap<string, number>;
}

/** Reads `lotus-miner sealing workers`, official from 1.0 on, and of the fork. Nothing printed is no worker. */
export const readWorkers = (answer: Answer): Reading<readonly SealingWorker[]> =>
  readAnswer(answer, (lines) => {
    const blocks: string[][] = [];
    for (const line of saying(lines)) {
      if (!isIndented(line)) blocks.push([line]);
      else (blocks.at(-1) ?? unclear('a line belongs to no worker', line)).push(line.trim());
    }
    const workers = blocks.map(([head = '', ...details]) => readWorker(head, details));
    const ids = new Set<string>();
    for (const { id } of workers) {
      if (ids.has(id)) unclear(`worker ${id} is there twice`);
      ids.add(id);
    }
    return workers;
  });

const readWorker = (head: string, details: readonly string[]): SealingWorker => {
  const { urlText, ...named } = readHead(head);
  const of = (pattern: RegExp) => details.flatMap((line) => [pattern.exec(line) ?? []].filter((m) => m[0]));
  const one = (label: string) => {
    const found = details.filter((line) => line.startsWith(`${label}: `));
    if (found.length > 1) unclear(`worker ${named.id} has two lines ${label}`);
    return found[0];
  };
  const url = urlText ?? one('url')?.slice('url: '.length);
  const worker = {
    ...named,
    url: url === undefined ? null : readUrl(url),
    cores: readCores(one('CPU')),
    ram: readMemory(one('RAM')),
    virtual: readMemory(one('VMEM')),
    gpus: of(/^GPU: +([^[\s].*?)(?:, (used|not used))?$/).map(([, name = '', used]) => ({
      name,
      used: used === undefined ? null : used === 'used',
    })),
    tasks: new Map(
      of(/^([A-Z][A-Z\d]{1,3}): (\d{1,9})$/).map(([, task = '', number]) => [task, Number(number)]),
    ),
  };
  const isWhole = worker.group === null ? worker.cores && worker.ram && worker.virtual : worker.url;
  if (!isWhole) unclear('not all of a worker is there', head);
  return worker;
};

/** `Worker <id>, host <host>`, its marks in parentheses, and what the fork writes after them. */
const readHead = (head: string) => {
  const [, id, rest] = /^Worker ([\w-]+), host(?=[\s,]|$)(.*)$/.exec(head) ?? [];
  if (id === undefined || rest === undefined) return unclear('this is no worker', head);
  const [, named = rest, group, urlText] = /^(.*?),? group:([^\s,]*)(?:, url:(\S+))?$/.exec(rest) ?? [];
  const marks = [...named.matchAll(/ \(([^()]*)\)/g)].map(([, mark = '']) => mark);
  const host = named.replace(/ \([^()]*\)/g, '').trim();
  if (/\s/.test(host)) unclear('the name of its host is unclear', head);
  const strange = marks.find((mark) => mark !== 'disabled' && !/^paused(:|$)/.test(mark));
  if (strange !== undefined) unclear(`nobody knows the mark (${strange})`, head);
  const paused = marks.find((mark) => mark.startsWith('paused:'));
  return {
    id,
    host,
    disabled: marks.includes('disabled'),
    paused: pausedTasks(paused, urlText !== undefined && !marks.includes('paused')),
    group: group ?? null,
    urlText,
  };
};

const pausedTasks = (mark: string | undefined, wouldBeSaid: boolean): SealingWorker['paused'] => {
  if (mark !== undefined)
    return mark
      .slice('paused:'.length)
      .split(/[\s,]+/)
      .filter(Boolean);
  return wouldBeSaid ? [] : 'unknown';
};

/** Whether a worker is known to get no tasks by now: whoever has paused it resumes it. */
export const isPaused = ({ paused }: SealingWorker): boolean => paused !== 'unknown' && paused.length > 0;

/** Whether it is known not to be given tasks of one of these kinds, as `worker-pause --tt` names them: ap, p2, all. */
export const isPausedFor = ({ paused }: SealingWorker, kinds: readonly string[]): boolean =>
  paused !== 'unknown' && paused.some((kind) => kinds.includes(kind.toLowerCase()));

const readUrl = (text: string): SealingWorker['url'] => {
  const [, host, digits] = /^https?:\/\/([^\s/:]+|\[[\da-f:]+\]):(\d{1,5})(?:\/\S*)?$/.exec(text) ?? [];
  const port = countOf(digits);
  return host === undefined || port === null || port > 65_535
    ? unclear('this is no address of a worker', text)
    : { host, port };
};

const readCores = (line: string | undefined): SealingWorker['cores'] => {
  if (line === undefined) return null;
  const [, used, total] = /^CPU: +\[[^\]]*\] (\d+)(?:\/(\d+))? core\(s\) in use$/.exec(line) ?? [];
  return {
    used: known(countOf(used), 'the cores are unclear', line),
    total: total === undefined ? null : known(countOf(total), 'the cores are unclear', line),
  };
};

const readMemory = (line: string | undefined): Memory | null => {
  if (line === undefined) return null;
  const [, percent, used = '', total = ''] =
    /^(?:RAM|VMEM): +\[[^\]]*\] (\d+)% ([^/]+)\/(.+)$/.exec(line) ?? [];
  const why = 'the memory is unclear';
  return {
    percent: known(countOf(percent), why, line),
    used: known(bytesOf(used), why, line),
    total: known(bytesOf(total), why, line),
  };
};
