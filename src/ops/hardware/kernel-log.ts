import type { Known } from '../host-parts/known.ts';
import { isGrave, meaningOf } from './xid.ts';

/** Days of the kernel's log that are read, where a journal keeps what was said before this start. */
export const LOG_DAYS = 14;

/** What a line of the kernel's log tells of hardware. */
export const LOG_CATEGORIES = [
  'xid',
  'gpu driver',
  'memory wrong',
  'memory corrected',
  'machine check',
  'raid',
  'nvme',
  'disk',
  'file system',
  'link',
  'pcie wrong',
  'pcie corrected',
  'heat',
  'hung',
] as const;
export type LogCategory = (typeof LOG_CATEGORIES)[number];

interface Pattern {
  /** An extended regular expression of awk, without counts in braces, for the line in small letters. */
  readonly is: string;
  /** What lines that are counted together have in common. */
  readonly key?: string;
}

const HEX = '[0-9a-f]';
const ADDRESS = `${HEX}+:${HEX}${HEX}:${HEX}${HEX}[.][0-7]`;

/** The first that matches counts. What kernels say at each start (`Shutdown timeout set to 10 seconds`) is none of it. */
const PATTERNS: Readonly<Record<LogCategory, Pattern>> = {
  xid: { is: 'nvrm: xid', key: `xid [(][^)]*[)]: [0-9]+` },
  'gpu driver': {
    is: 'nvrm: .*(fallen off|rminitadapter failed|rm_init_adapter failed|gpu is lost)',
    key: 'gpu [^ ]*[0-9a-f]+:[0-9a-f.:]+',
  },
  'memory wrong': {
    is: 'edac .* ue |uncorrected.*(memory|dimm)|memory failure: |multi-bit ecc',
    key: '(on|label:?) [^ ]*(dimm|channel|csrow|mc#)[^ ]*',
  },
  'memory corrected': { is: 'edac .* ce ', key: '(on|label:?) [^ ]*(dimm|channel|csrow|mc#)[^ ]*' },
  'machine check': {
    is: 'machine check (events logged|exception|:)|mce: .*hardware error|[[]hardware error[]]|apei generic hardware error',
    key: 'cpu [0-9]+: machine check|machine check events logged|bank [0-9]+',
  },
  raid: {
    is: 'disk failure|md: .*(kicking|faulty|super_written gets error)|md/raid.*(not enough|failed to run|failing)',
    key: 'md[0-9]+',
  },
  nvme: {
    is:
      'nvme.*(: i/o .*timeout|controller is down|resetting|reset controller|reset failed|device not ready' +
      '|removing after probe|abort status|i/o error)|(i/o|medium|target) error.* dev nvme',
    key: 'nvme[0-9]+',
  },
  disk: {
    is: '(i/o|medium|target) error.* dev (sd|vd)|ata[0-9.]+: .*(exception|failed command|hard resetting)|sense key : (medium|hardware)',
    key: 'dev sd[a-z]+|ata[0-9]+|[[]sd[a-z]+[]]',
  },
  'file system': {
    is: 'xfs .*(i/o error|shutting down|shutdown|corruption)|ext4-fs error|remounting filesystem read-only',
    key: '[(][a-z0-9-]+[)]',
  },
  link: {
    is: 'link is (up|down)|[a-z0-9]: link (up|down)|link status definitely down',
    key: '[a-z0-9_.-]+:? (nic )?(copper )?link (is )?(up|down)|interface [a-z0-9_.-]+',
  },
  'pcie wrong': {
    is: '(aer: |pcie bus error).*(uncorrect|fatal)|pciehp.*(link down|not present)',
    key: ADDRESS,
  },
  'pcie corrected': { is: '(aer: |pcie bus error).*correct', key: ADDRESS },
  heat: { is: 'temperature above threshold|critical temperature|thermal shutdown' },
  hung: { is: 'blocked for more than [0-9]+ seconds|soft lockup|hard lockup', key: 'task [^:]+' },
};

/** Groups of one category that are told apart; what comes beyond them is counted together. */
const GROUPS = 24;
/** Characters of a line that are kept. */
const LINE = 300;

/** The awk that counts, from the newest line to the oldest: for mawk 1.3 and gawk 3. Its rows: `lines`, `log`. */
export const logAwk = (): string =>
  [
    `function take(category, key,  id) {
  id = category "\\t" key
  if (!(id in n)) {
    if (groups[category] >= ${GROUPS}) id = category "\\t"
    else groups[category]++
  }
  gsub(/[\\001-\\037\\177]/, " ")
  n[id]++
  if (!(id in newest)) newest[id] = substr($0, 1, ${LINE})
  oldest[id] = substr($0, 1, ${LINE})
}
function keyed(low, pattern) { return match(low, pattern) ? substr(low, RSTART, RLENGTH) : "" }
/^-- / { next }
{ lines++; last = substr($0, 1, 60); low = tolower($0) }
/SATA link/ { next }`,
    ...LOG_CATEGORIES.map((category) => {
      const { is, key } = PATTERNS[category];
      return `low ~ ${regex(is)} { take("${category}", ${key === undefined ? '""' : `keyed(low, ${text(key)})`}); next }`;
    }),
    `END {
  gsub(/\\t/, " ", last)
  print "lines\\t" lines + 0 "\\t" last "\\t."
  for (id in n) print "log\\t" id "\\t" n[id] "\\t" oldest[id] "\\t" newest[id] "\\t."
}`,
  ].join('\n');

/** What grep finds such lines by, whatever their letters are (-iE). */
export const logExpression = (): string => LOG_CATEGORIES.map((category) => PATTERNS[category].is).join('|');

const regex = (pattern: string): string => `/${pattern.replaceAll('/', '\\/')}/`;
const text = (pattern: string): string => JSON.stringify(pattern);

/** A line of the kernel's log. */
export interface LogLine {
  /** Seconds since 1970; null: its time is not understood. */
  readonly at: number | null;
  readonly text: string;
}

/** Lines of one sort about one thing. */
export interface LogGroup {
  readonly category: LogCategory;
  /** What they are about, in small letters (`nvme1`, `md0`); empty: nothing that can be told. */
  readonly about: string;
  readonly count: number;
  readonly first: LogLine;
  readonly last: LogLine;
}

/** What the kernel has said of hardware. */
export interface KernelLog {
  readonly source: 'journal' | 'dmesg';
  /** Seconds since 1970 of the oldest line that was read: of what was said before nothing is known. */
  readonly since: number | null;
  /** Whether it was read to its end. */
  readonly isWhole: boolean;
  readonly groups: readonly LogGroup[];
}

/**
 * Reads the rows `log`, `lines` and `logged`. `boot`: when the kernel was started, for lines that count from there; `mask`:
 * what of them may be shown.
 */
export const readLog = (
  of: (tag: string) => readonly (readonly string[])[],
  boot: number | null,
  mask: (text: string) => string,
): Known<KernelLog> => {
  const [source, status] = of('logged').at(-1) ?? [];
  const [lines, oldest = ''] = of('lines').at(-1) ?? [];
  if (source === undefined || !Number(lines))
    return {
      type: 'unknown',
      why: source === undefined ? 'its log was not read in time' : 'its log could not be read, or is empty',
    };
  return {
    type: 'told',
    value: {
      source: source === 'journal' ? 'journal' : 'dmesg',
      since: lineOf(oldest, boot).at,
      isWhole: status === '0',
      groups: of('log')
        .flatMap(([name, about = '', number, first, last]): LogGroup[] => {
          const category = LOG_CATEGORIES.find((one) => one === name);
          if (!category || !/^[1-9]\d{0,9}$/.test(number ?? '') || first === undefined || last === undefined)
            return [];
          return [
            {
              ...{ category, about, count: Number(number) },
              first: lineOf(mask(first), boot),
              last: lineOf(mask(last), boot),
            },
          ];
        })
        .toSorted(
          (a, b) =>
            LOG_CATEGORIES.indexOf(a.category) - LOG_CATEGORIES.indexOf(b.category) ||
            (a.first.at ?? 0) - (b.first.at ?? 0) ||
            a.first.text.localeCompare(b.first.text),
        ),
    },
  };
};

/** `2026-11-29T20:31:05+0000 p1-50 kernel: NVRM: …` of a journal, `[   12.345678] NVRM: …` of dmesg. */
const lineOf = (line: string, boot: number | null): LogLine => {
  const [, day, hours, minutes, said] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([+-]\d\d):?(\d\d)(?: \S+ kernel: ?| )?(.*)$/s.exec(line) ?? [];
  if (day !== undefined) {
    const at = Date.parse(`${day}${hours}:${minutes}`) / 1000;
    return { at: Number.isFinite(at) ? at : null, text: said ?? '' };
  }
  const [, seconds, rest] = /^\[ *(\d{1,12}\.\d+)\] ?(.*)$/s.exec(line) ?? [];
  if (seconds === undefined) return { at: null, text: line };
  return { at: boot === null ? null : Math.floor(boot + Number(seconds)), text: rest ?? '' };
};

/** The number of an Xid, and the PCI address of its card (`0000:21:00.0`). */
export const xidOf = ({ last }: LogGroup): { readonly number: number; readonly address: string } | null => {
  const [, address = '', number] = /NVRM: Xid \((?:PCI:)?([\da-f:.]+)\): (\d{1,5})/i.exec(last.text) ?? [];
  if (number === undefined) return null;
  return { number: Number(number), address: addressOf(address) };
};

const addressOf = (address: string): string => {
  const [, domain = '', place = ''] = /^([\da-f]{4,8}):([\da-f]{2}:[\da-f]{2})/i.exec(address) ?? [];
  return domain === '' ? address : `${domain.slice(-4)}:${place}.0`.toLowerCase();
};

/** What lines of a group mean; null: they say it themselves. */
export const meaningOfGroup = (group: LogGroup): string | null => {
  const xid = group.category === 'xid' ? xidOf(group) : null;
  return xid && meaningOf(xid.number);
};

/** Whether what a group tells is a defect for sure, where it has happened since the machine was started. */
export const isDefect = (group: LogGroup): boolean => {
  switch (group.category) {
    case 'xid': {
      const xid = xidOf(group);
      return xid !== null && isGrave(xid.number);
    }
    case 'memory wrong':
      return true;
    case 'gpu driver':
      return true;
    case 'raid':
      return /disk failure/i.test(group.last.text);
    case 'nvme':
      return /controller is down|removing after probe|not ready/i.test(group.last.text);
    default:
      return false;
  }
};

/** What is no sign of a defect by itself: a cable that was pulled once, errors that were mended on the way. */
export const isNoteworthy = ({ category, count: times, last }: LogGroup): boolean => {
  // Going up is told beside going down.
  if (category === 'link') return times > MANY_FLAPS && /down/i.test(last.text);
  return !category.endsWith('corrected') || times > MANY_CORRECTED;
};

/** Times that a link may go down within the days that are read: reboots of switches, cables put elsewhere. */
const MANY_FLAPS = 5;
/** Errors within these days that were mended on the way, without a word. */
const MANY_CORRECTED = 10;
