/** What a host starts, in order: for each, the seconds before the next of the host may be started. */
export interface Starting {
  readonly host: string;
  readonly pauses: readonly number[];
}

/** How fast starts may follow each other. */
export interface StartRate {
  /** Starts in a minute, over all hosts. */
  readonly perMinute: number;
  /** Hosts that may be changed at the same time. */
  readonly atOnce: number;
}

/** Who may start when. All times are hundredths of a second. */
export interface Schedule {
  /** Between two starts, wherever they are. */
  readonly slot: number;
  /** Between two turns of a host. */
  readonly every: number;
  /** Hosts that have turns at the same time: the turns of lane l are at l × slot + n × every. */
  readonly lanes: number;
  readonly turns: readonly Turns[];
  /** From the first start to the last. */
  readonly length: number;
}

/** The turns that a host takes where all goes well: every one of a lane that no other host has by then. */
export interface Turns {
  readonly host: string;
  readonly lane: number;
  /** Since the beginning, one for each of its starts. */
  readonly times: readonly number[];
}

/** Hundredths of a second that a start takes at the least: the next one of the host comes no sooner. */
const STARTING = 300;
/** The same of a host after its last one, with the init of APx and the look that it was done: then its lane is free. */
const ENDING = 600;
/** Into how many turns a pause is divided at the most. */
const PARTS = 100;

/**
 * Divides the starts of a minute among hosts that each go at their own pace once they have begun: a host gets a lane,
 * which is a turn every so often, and keeps it until all of its own is started. So no two starts come closer than a slot,
 * whoever is late, fails or has nothing left. Of the ways to choose the number of lanes the one that is over first.
 */
export const scheduleStarts = (hosts: readonly Starting[], { perMinute, atOnce }: StartRate): Schedule => {
  const slot = Math.ceil(6000 / perMinute);
  const [first = slot, ...others] = periods(hosts, slot);
  const ways = [first, ...others].map((every) => ({ every, ...inLanes(hosts, slot, every, atOnce) }));
  const best = ways.reduce((one, other) => (other.length < one.length ? other : one));
  return { slot, ...best };
};

/** What may come between two turns of a host, the shortest first: one slot for each lane, or a part of a pause. */
const periods = (hosts: readonly Starting[], slot: number): readonly number[] => {
  const longest = hosts.reduce(
    (most, { pauses }) => pauses.reduce((sum, one) => Math.max(sum, one), most),
    0,
  );
  const parts = Array.from({ length: PARTS }, (_, index) => Math.ceil((longest * 100) / (index + 1)));
  const lanes = hosts.map((_, index) => (index + 1) * slot);
  return [...new Set([...lanes, ...parts.filter((part) => part >= slot)])].toSorted((a, b) => a - b);
};

/** The hosts with the most to start come first, each in the lane that is free first. */
const inLanes = (
  hosts: readonly Starting[],
  slot: number,
  every: number,
  atOnce: number,
): Pick<Schedule, 'lanes' | 'turns' | 'length'> => {
  const lanes = Math.max(1, Math.min(Math.floor(every / slot), atOnce, hosts.length));
  const free = Array.from({ length: lanes }, (_, lane) => lane * slot);
  const own = new Map(hosts.map((host) => [host, turnsOf(host, every)]));
  const turnsIn = (host: Starting) => own.get(host) ?? [];
  const taken = new Map<Starting, Turns>();
  for (const host of longestFirst(hosts, (one) => turnsIn(one).at(-1) ?? 0)) {
    const lane = free.indexOf(Math.min(...free));
    const from = free[lane] ?? 0;
    const times = turnsIn(host).map((turn) => from + turn * every);
    taken.set(host, { host: host.host, lane, times });
    free[lane] = (times.at(-1) ?? from) + Math.ceil(ENDING / every) * every;
  }
  const turns = hosts.flatMap((host) => taken.get(host) ?? []);
  return { lanes, turns, length: Math.max(0, ...turns.map(({ times }) => times.at(-1) ?? 0)) };
};

/** Which turns of its lane a host takes, from its first: as soon as the pause after the start before is over. */
const turnsOf = ({ pauses }: Starting, every: number): readonly number[] => {
  let turn = 0;
  return pauses.map((pause) => {
    const own = turn;
    turn += Math.max(1, Math.ceil(Math.max(pause * 100, STARTING) / every));
    return own;
  });
};

/** Those alike in their order. */
export const longestFirst = <Host>(
  hosts: readonly Host[],
  lengthOf: (host: Host) => number,
): readonly Host[] => hosts.toSorted((a, b) => lengthOf(b) - lengthOf(a));
