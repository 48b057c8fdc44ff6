import { describe, expect, it } from 'vitest';
import { parsePledgeLook, pledgeRun, sectorsOfRun } from '../../../../src/ops/pledge/look.ts';
import { answer, INFO, JOBS, STORAGE_LIST, WORKERS } from '../../lotus/samples.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const row = (name: string, { stdout, status, stderr }: ReturnType<typeof answer>): string =>
  `told\t${name}\t${base64(stdout)}\t${status}\t${base64(stderr)}\n`;
const said = (info = answer(INFO), before = ''): string =>
  `${before}${row('workers', answer(WORKERS))}${row('jobs', answer(JOBS))}${row('info', info)}${row('storage', answer(STORAGE_LIST))}over\n`;
const RUN = 'r-20261129T201500Z-x7k2qp28';

describe('what is asked before sectors are pledged', () => {
  it('is all of it', () => {
    expect(parsePledgeLook(said())).toMatchObject({
      value: {
        workers: { type: 'understood' },
        info: { type: 'understood', value: { miner: 'f01234' } },
        storage: { type: 'understood', value: { paths: { length: 3 }, silent: 1 } },
        holder: null,
        last: null,
      },
    });
  });

  it('has who changes the host, and what the last pledge came to', () => {
    const holder = `alice@ops1\t${RUN}\t2026-11-29T20:15:00Z`;
    const before = `lock\t${holder}\nlast\t${holder}\t18\t17\t1\n`;
    expect(parsePledgeLook(said(answer(INFO), before))).toMatchObject({
      value: {
        holder: { who: 'alice@ops1', run: RUN },
        last: { by: { run: RUN }, asked: 28, made: 17, unknown: 1 },
      },
    });
  });

  it('is not reachable where the miner does not answer, or has no profile', () => {
    const down = answer('', { status: 1, stderr: 'ERROR: API not running (no endpoint)\n' });
    expect(parsePledgeLook(said(down))).toMatchObject({ value: { info: { type: 'not reachable' } } });
    const late = answer('', { status: 124 });
    expect(parsePledgeLook(said(late))).toMatchObject({
      value: { info: { why: 'lotus-miner info gave no answer within 120 s' } },
    });
    expect(parsePledgeLook('noprofile\nover\n')).toMatchObject({
      value: { info: { type: 'not reachable' }, storage: { type: 'not reachable' } },
    });
  });

  it('is no answer where it broke off', () => {
    expect(parsePledgeLook(said().slice(0, -6))).toMatchObject({ ok: false });
    expect(parsePledgeLook('over\n')).toMatchObject({ ok: false });
  });
});

it('a run of a pledge is told by its name', () => {
  expect(sectorsOfRun(pledgeRun('r-20261129T201500Z-x7k2q', 28))).toBe(28);
  for (const other of ['r-20261129T201500Z-x7k2q', 'r-20261129T201500Z-x7k2qbinit', ''])
    expect(sectorsOfRun(other)).toBeNull();
});
