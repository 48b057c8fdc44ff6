import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress } from '../../../src/lotus/address.ts';
import { readApiFile, readApiInfo, readTokenFile } from '../../../src/lotus/api-info.ts';
import { readBalance } from '../../../src/lotus/balance.ts';
import { readChainMiner } from '../../../src/lotus/chain-miner.ts';
import { readDeadlinePartitions } from '../../../src/lotus/deadline-partitions.ts';
import { readDeadlines } from '../../../src/lotus/deadlines.ts';
import { type Answer, failureOf } from '../../../src/lotus/failure.ts';
import { readInitLog } from '../../../src/lotus/init-log.ts';
import { readJobs } from '../../../src/lotus/jobs.ts';
import { readMinerInfo } from '../../../src/lotus/miner-info.ts';
import { readNodeStatus } from '../../../src/lotus/node-status.ts';
import { plainLines } from '../../../src/lotus/plain-text.ts';
import { readProvingInfo } from '../../../src/lotus/proving-info.ts';
import type { Reading } from '../../../src/lotus/reading.ts';
import { readSchedDiag } from '../../../src/lotus/sched-diag.ts';
import { readSectorStatus } from '../../../src/lotus/sector-status.ts';
import { readSectorsList } from '../../../src/lotus/sectors-list.ts';
import { readSectorStore, readStorageJson } from '../../../src/lotus/storage-files.ts';
import { readStorageList } from '../../../src/lotus/storage-list.ts';
import { readSyncStatus } from '../../../src/lotus/sync-status.ts';
import { readSyncWait } from '../../../src/lotus/sync-wait.ts';
import { readRunningVersion, readVersion } from '../../../src/lotus/versions.ts';
import { readWallets } from '../../../src/lotus/wallets.ts';
import { readWorkerInfo } from '../../../src/lotus/worker-info.ts';
import { readWorkers } from '../../../src/lotus/workers.ts';
import { cpuSeconds } from '../../support/cpu-seconds.ts';
import * as samples from './samples.ts';

/**
 * Whatever the programs print: no reader throws, and none makes a number, an empty list or a fact of what is not
 * there.
 */

interface Case {
  readonly name: string;
  readonly text: string;
  readonly read: (text: string) => Reading<unknown>;
}

interface Command extends Case {
  readonly readAnswer: (answer: Answer) => Reading<unknown>;
}

const ofAnswer = (name: string, text: string, readAnswer: Command['readAnswer']): Command => ({
  name,
  text,
  readAnswer,
  read: (changed) => readAnswer(samples.answer(changed)),
});

/** Outputs that say all or nothing: a line that is lost is never taken for something that is not. */
const WHOLE: readonly Command[] = [
  ofAnswer('proving info', samples.PROVING_INFO, readProvingInfo),
  ofAnswer('proving deadlines', samples.DEADLINES, readDeadlines),
  ofAnswer('proving deadline', samples.DEADLINE, readDeadlinePartitions),
  ofAnswer('status', samples.NODE_STATUS, readNodeStatus),
];
const COMMANDS: readonly Command[] = [
  ...WHOLE,
  ofAnswer('sealing workers', samples.WORKERS, readWorkers),
  ofAnswer('sealing jobs', samples.JOBS, readJobs),
  ofAnswer('info', samples.INFO, readMinerInfo),
  ofAnswer('sectors list', samples.SECTORS_LIST, readSectorsList),
  ofAnswer('sectors status', samples.SECTOR_STATUS, readSectorStatus),
  ofAnswer('miner-info', samples.CHAIN_MINER, readChainMiner),
  ofAnswer('sync status', samples.SYNC_STATUS, readSyncStatus),
  ofAnswer('sealing sched-diag', samples.SCHED_DIAG, readSchedDiag),
  ofAnswer('storage list', samples.STORAGE_LIST, readStorageList),
  ofAnswer('wallet list', samples.WALLETS, readWallets),
  ofAnswer('wallet list --id --market', samples.WALLETS_OF_MARKET, readWallets),
  ofAnswer('wallet balance', '12.3 FIL\n', readBalance),
  ofAnswer('wallet new', `${samples.BLS}\n`, readAddress),
  ofAnswer('worker info', samples.WORKER_INFO, readWorkerInfo),
  ofAnswer('--version', 'lotus version 1.11.1+mainnet+git.15d90c24e\n', readVersion),
  ofAnswer(
    'version',
    'Daemon:  1.11.1+mainnet+git.15d90c24e+api1.3.0\nLocal: lotus version 1.11.1+mainnet+git.15d90c24e\n',
    readRunningVersion,
  ),
];
const FILES: readonly Case[] = [
  { name: 'sync wait', text: samples.SYNC_WAIT, read: readSyncWait },
  { name: 'the log of an init', text: samples.INIT_LOG, read: readInitLog },
  { name: 'the log of a failed init', text: samples.INIT_FAILED, read: readInitLog },
  { name: 'api', text: '/ip4/10.0.0.5/tcp/2345/http', read: readApiFile },
  { name: 'token', text: samples.TOKEN, read: readTokenFile },
  { name: 'MINER_API_INFO', text: `${samples.TOKEN}:/ip4/10.0.0.5/tcp/2345/http`, read: readApiInfo },
  { name: 'storage.json', text: '{"StoragePaths": [{"Path": "/ceph"}]}', read: readStorageJson },
  {
    name: 'sectorstore.json',
    text: '{"ID": "7b6a1c1e", "Weight": 10, "CanSeal": true, "CanStore": false, "MaxStorage": 0}',
    read: readSectorStore,
  },
];

const ODD = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u001b[31m',
  '\u0000',
  '\u202e',
  '\ud800',
  '0',
  '-1',
  'NaN',
  '1e9',
  '9'.repeat(40),
];
const WORDS = [
  '(',
  ')',
  ':',
  '/',
  'Worker',
  'Total: 0',
  'Done!',
  'ERROR: ',
  'panic: ',
  '__proto__: 1',
  'undefined',
  'null',
];
const put = fc.oneof(
  fc.constantFrom(...ODD, ...WORDS),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.integer().map(String),
);

type Change = (text: string) => string;
const scribble = fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), put }).map(
  (change): Change =>
    (text) => {
      const from = change.at % (text.length + 1);
      return text.slice(0, from) + change.put + text.slice(from + change.length);
    },
);
const onLines = fc.record({ at: fc.nat(), to: fc.nat(), how: fc.constantFrom('lose', 'repeat', 'move') }).map(
  ({ at, to, how }): Change =>
    (text) => {
      const lines = text.split('\n');
      const [line = ''] = lines.splice(at % lines.length, how === 'repeat' ? 0 : 1);
      const again = how === 'repeat' ? (lines[at % lines.length] ?? '') : line;
      if (how !== 'lose') lines.splice(to % (lines.length + 1), 0, again);
      return lines.join('\n');
    },
);
const cut = fc.nat().map(
  (at): Change =>
    (text) =>
      text.slice(0, at % (text.length + 1)),
);
const changes = fc.array(
  fc.oneof({ weight: 4, arbitrary: scribble }, { weight: 3, arbitrary: onLines }, cut),
  {
    minLength: 1,
    maxLength: 4,
  },
);

/** Every number, however deep it stands. */
const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  if (value instanceof Map) return [...value.values()].flatMap(numbersIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

it.each([...COMMANDS, ...FILES])('$name is read as it is', ({ text, read }) => {
  expect(read(text)).toMatchObject({ type: 'understood' });
});

describe('whatever becomes of it', () => {
  it.each([...COMMANDS, ...FILES])('$name is read or not, with numbers that are some', ({ text, read }) => {
    fc.assert(
      fc.property(changes, (list) => {
        const reading = read(list.reduce((changed, change) => change(changed), text));
        if (reading.type === 'not understood') expect(reading.why).not.toBe('');
        else for (const number of numbersIn(reading.value)) expect(Number.isFinite(number)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each(COMMANDS)('$name of any text is nothing', ({ read }) => {
    const words = fc.array(fc.oneof(put, fc.string({ unit: 'grapheme' })), { minLength: 1 });
    fc.assert(
      fc.property(words, (list) => {
        const text = `${list.join('')}\n`;
        if (plainLines(text).join('') !== '') expect(read(text).type).toBe('not understood');
      }),
      { numRuns: 200 },
    );
  });

  it.each(COMMANDS)('$name of a command that failed is nothing', ({ text, readAnswer }) => {
    for (const stdout of [text, ''])
      expect(readAnswer(samples.answer(stdout, { status: 1 }))).toMatchObject({ type: 'not understood' });
  });

  it.each(COMMANDS)('$name that ends within a line is nothing', ({ text, read }) => {
    const places = Array.from(text, (_, at) => at).filter((at) => at > 0 && text[at - 1] !== '\n');
    fc.assert(
      fc.property(fc.constantFrom(...places), (at) => read(text.slice(0, at)).type === 'not understood'),
    );
  });

  it.each(WHOLE)('$name without any of its lines says the same, or nothing', ({ text, read }) => {
    const whole = read(text);
    for (const [at] of text.split('\n').entries()) {
      const reading = read(text.split('\n').toSpliced(at, 1).join('\n'));
      if (reading.type === 'understood') expect(reading).toEqual(whole);
    }
  });

  it('info without any of its lines says the same, or does not know', () => {
    const whole = readMinerInfo(samples.answer(samples.INFO));
    const facts = whole.type === 'understood' ? Object.entries(whole.value) : [];
    const lines = samples.INFO.split('\n');
    for (const [at] of lines.entries()) {
      const reading = readMinerInfo(samples.answer(lines.toSpliced(at, 1).join('\n')));
      if (reading.type === 'not understood') continue;
      const now = new Map<string, unknown>(Object.entries(reading.value));
      for (const [name, value] of facts) {
        const isSame = [value, null, { type: 'unsaid' }].some((one) => isDeepStrictEqual(one, now.get(name)));
        expect(isSame, `${name} without "${lines[at]}"`).toBe(true);
      }
    }
  });

  it('a failure is one, with a reason', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 255 }), (stdout, stderr, status) => {
        expect(failureOf({ status, stdout, stderr })?.why).not.toBe('');
      }),
    );
  });

  it('an output without end is read soon', () => {
    const long = [
      ' '.repeat(300_000),
      '('.repeat(300_000),
      'State: '.repeat(50_000),
      ': '.repeat(100_000),
      '0 '.repeat(100_000),
    ];
    for (const { text, read } of [...COMMANDS, ...FILES])
      for (const part of long) {
        const lines = [`${text}${part}\n`, `${text}x${part}x\n`, text.replace(/[a-z]\w*/i, `$&${part}x`)];
        expect(cpuSeconds(() => void lines.forEach((line) => void read(line)))).toBeLessThan(5);
      }
  });
});
