import { dirname } from 'node:path';
import { quote } from '../../../src/core/shell.ts';
import type { PlainHost } from '../host-set.ts';

/** Where the simulated programs of a host keep what the chain and the miner know, and where tests tell them. */
export const LOTUS_STATE = '/var/lib/simulated-lotus';

/**
 * What a test may set on a host; the value is the content of a file, and of most only that it is there counts. What has
 * a slash stands for files below a folder: `balances/f3…`.
 */
export const KNOBS = {
  // What is on the chain, and what is at work.
  epoch: 'epoch of the head, and the one that is expected; 1031537',
  'balances/': 'FIL of an address, or `error` and why it cannot be looked up; 0',
  sync: '`done`, `behind`, `silent` (no peers), `stuck` (complete, and never done) or `error`; done once a chain was imported',
  'miner-id': 'id of the miner that init creates; f01234',
  sectors: 'the sectors: `number state` a line; pledge adds to them',
  'sector/':
    'by number: `name value` a line of one: onchain active precommit commit commr deals lasterror error (of its last event) since (of that, seconds) events kind unreadable (why)',
  forced: 'what update-state and remove were asked for: `number state` a line',
  aborted: 'what abort was asked for: `id sector` a line',
  jobs: 'the jobs: `id sector worker host task state time` a line; a host `-` has no name',
  queue: 'tasks that no worker has been given: `sector precommit/2` a line',
  'no-sched-diag': 'sealing has no sched-diag',
  storage: 'what storage list prints; nothing',
  'on-chain': 'the miner on the chain: `id worker size`; init writes it',
  partitions: 'what is proven: `deadline sectors faults terminated` a line, one a partition',
  proven: 'partitions of the current deadline with a proof, as far as there are so many; 0',
  recovering: 'faulty sectors that are to be proven again; 0',
  'period-start': 'epoch of the proving period; 1517 before the head, which is in deadline 25',
  'opens-in': 'epochs until the deadline opens: a miner without live sectors',
  'no-power': 'the miner has less than the least power',
  'info-chain': 'what info says of the chain: `sync slow (1m2s behind)`',
  'max-sealing': 'sectors that pledge goes up to',
  parameters: 'what fetch-params fetches: `name bytes` a line',
  'paused/': 'by session: kinds of tasks that a worker is not given',
  'workers/': 'by session: workers that have registered',
  'says/':
    'by command (`status`, `proving-info`, `proving-deadlines`): what it prints in the place of what it should',
  'hangs/': 'by command, as for says/: it gives no answer',
  // How the fork differs.
  'workers-format': '`fork` (near 1.11), `fork-later` or `official`; fork',
  'pause-without-tasktype': 'worker-pause knows no --tt',
  // What takes as long as the test wants.
  'import-waits': 'the import of a snapshot waits in its middle',
  'fetch-waits': 'fetch-params waits before its next file',
  'init-waits': 'init waits for its message',
  'restore-waits': 'init restore waits for its message',
  'pledge-waits': 'sectors pledge waits before it makes one',
  'update-seconds': 'seconds after which a sector has the state that it was given; at once',
  'remove-waits': 'sectors that are removed stay in Removing',
  'worker-busy': 'workers are at a task: they do not register again, and are not quiet',
  'stop-seconds': 'seconds that a process still takes after stop has returned; 0.2, of a worker 0',
  // What fails.
  'daemon-fails': 'why the daemon does not start',
  'import-fails': 'why the import of a snapshot ends',
  'fetch-mismatch': 'name of a parameter file that comes with other bytes: it is deleted',
  'init-fails': 'why init fails after its message: its directory is gone',
  'restore-fails': 'why init restore fails before its message: half a repository stays',
  'miner-fails': 'why the miner does not start',
  'pledge-fails': 'sectors up to which pledge makes some: then the connection is lost before it',
  'pledge-loses': 'the same, and the sector was made all the same',
  'pledge-silent': 'pledge prints nothing, as before lotus 1.5',
  'list-breaks': 'sectors list loses its connection after its rows',
  'update-fails': 'why update-state fails, without effect',
  'update-loses': 'update-state loses its answer, with effect',
  'update-ignored': 'update-state and remove are taken, and change nothing',
  'abort-ignored': 'sealing abort is taken, and changes nothing',
  'info-breaks': 'info breaks off after a few words',
  'workers-panic': 'sealing workers panics within a worker (official format)',
  'call-breaks': 'the API closes every connection without an answer',
  'token-rejected': 'the API takes no token',
  'stop-hangs': 'a process does not end when it is asked to',
  'worker-cannot-connect': 'workers do not reach the miner',
  'worker-version-mismatch': 'the miner takes no worker of this version',
  'worker-params-missing': 'a worker finds no proof parameters, and ends with 0',
  'worker-ghost': 'workers run and are registered nowhere',
  'worker-exits': 'workers end by themselves',
} as const satisfies Readonly<Record<string, string>>;

type Folder = 'balances/' | 'paused/' | 'sector/' | 'workers/' | 'says/' | 'hangs/';
export type Knob = Exclude<keyof typeof KNOBS, Folder> | `${Folder}${string}`;

/** Sets a knob on a host. */
export const turn = async (host: Pick<PlainHost, 'sh'>, knob: Knob, value = ''): Promise<void> => {
  const file = `${LOTUS_STATE}/${knob}`;
  // As a whole: a program that runs reads the old or the new.
  const script = `mkdir -p ${quote(dirname(file))} && printf %s ${quote(value)} >${quote(`${file}~`)} && mv ${quote(`${file}~`)} ${quote(file)}`;
  await host.sh(script);
};

/** Takes a knob away again. */
export const unturn = async (host: Pick<PlainHost, 'sh'>, knob: Knob): Promise<void> => {
  await host.sh(`rm -f ${quote(`${LOTUS_STATE}/${knob}`)}`);
};
