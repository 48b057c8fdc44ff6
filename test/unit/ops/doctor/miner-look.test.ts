import { describe, expect, it } from 'vitest';
import { parseMinerLook, unlooked } from '../../../../src/ops/doctor/miner-look.ts';
import { unasked } from '../../../../src/ops/miner-says.ts';
import { answer, INFO, JOBS, NODE_STATUS, SCHED_DIAG, STORAGE_LIST, WORKERS } from '../../lotus/samples.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const row = (name: string, { stdout, status, stderr }: ReturnType<typeof answer>): string =>
  `told\t${name}\t${base64(stdout)}\t${status}\t${base64(stderr)}\n`;
const said = (queue = answer(SCHED_DIAG)): string =>
  [
    row('workers', answer(WORKERS)),
    row('jobs', answer(JOBS)),
    row('info', answer(INFO)),
    row('storage', answer(STORAGE_LIST)),
    row('queue', queue),
    row('node', answer(NODE_STATUS)),
    'over\n',
  ].join('');

describe('what a miner host says', () => {
  it('is all of it', () => {
    expect(parseMinerLook(said())).toMatchObject({
      ok: true,
      value: {
        workers: { type: 'understood' },
        jobs: { type: 'understood' },
        info: { type: 'understood', value: { miner: 'f01234' } },
        storage: { type: 'understood', value: { silent: 1 } },
        queue: { type: 'understood', value: [{ sector: 1042, task: 'PC2' }, { sector: 998 }] },
        node: { type: 'understood' },
      },
    });
  });

  it('is each of its parts by itself: one that a version has not leaves the others as they are', () => {
    const missing = answer('', { status: 3, stderr: "No help topic for 'sched-diag'\n" });
    expect(parseMinerLook(said(missing))).toMatchObject({
      value: {
        queue: { type: 'not reachable', why: "No help topic for 'sched-diag'" },
        info: { type: 'understood' },
      },
    });
  });

  it('is nothing where the host has no profile, and no answer where it broke off', () => {
    expect(parseMinerLook('noprofile\nover\n')).toMatchObject({
      value: { info: { type: 'not reachable' }, node: { type: 'not reachable' } },
    });
    expect(parseMinerLook(said().slice(0, -6))).toMatchObject({ ok: false });
    expect(parseMinerLook(said().replace(/told\tqueue.*\n/, ''))).toMatchObject({ ok: false });
  });

  it('is unknown as a whole where nobody could ask', () => {
    const why = { type: 'not reachable', why: 'no answer' } as const;
    const look = unlooked(unasked([{ kind: 'connect', what: 'no answer' }]), why);
    expect(Object.values(look).map(({ type }) => type)).toEqual(Array(6).fill('not reachable'));
  });
});
