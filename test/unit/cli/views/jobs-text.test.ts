import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { displayWidth } from '../../../../src/cli/text/width.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { jobsDocument, jobsDocumentSchema } from '../../../../src/cli/views/jobs-document.ts';
import { jobsLines } from '../../../../src/cli/views/jobs-text.ts';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import { atMiner } from '../../../../src/ops/at-miner/whose.ts';
import { clusterJobs, type JobFilter } from '../../../../src/ops/jobs/jobs.ts';
import { allOf, HOUR, job, minerHost, p1Host, says } from '../../ops/jobs/support.ts';

const hosts = [minerHost, ...Array.from({ length: 24 }, (_, index) => p1Host(50 + index, 14))];
const about = { miner: 'f0494733', minerHost: 'miner-1', sectorSize: '64GiB' } as const;

const documentOf = (jobs: readonly SealingJob[], filter: Partial<JobFilter> = {}) => {
  const said = says(
    hosts.flatMap((host) => allOf(host)),
    jobs,
  );
  const all = { hosts: null, tasks: [], late: false, ...filter };
  const view = clusterJobs(jobs, said.workers, atMiner(said, hosts), about, all);
  const document = jobsDocument(view, 1_795_000_000, PLAIN_WORDS);
  return jobsDocumentSchema.parse(document);
};
const text = (
  jobs: readonly SealingJob[],
  more: Partial<JobFilter> & { full?: boolean; width?: number } = {},
) => {
  const { full = false, width = 80, ...filter } = more;
  return jobsLines(documentOf(jobs, filter), { paint: painter(false), width, full });
};

/** Fourteen P1 tasks and one P2 at each of 24 hosts; one late, one lost, one not begun. */
const many = hosts
  .slice(1)
  .flatMap((host, index) => [
    ...host.processes
      .filter(({ group }) => group === 'P1')
      .map(({ name }, k) =>
        job(host, name, 'PC1', index * 100 + k, { seconds: index === 7 && k === 2 ? 27_600 : 600 * k }),
      ),
    job(host, 'P2', 'PC2', index * 100 + 50, { seconds: 600 }),
  ]);
const lost = job(hosts[11] ?? minerHost, 'P2', 'PC2', 7, {
  id: '13aa09cd',
  worker: '00000000',
  state: { type: 'ret-wait' },
  seconds: 31 * HOUR,
});
const waits = job(hosts[11] ?? minerHost, 'APx', 'AP', 8, { state: { type: 'assigned', window: 0 } });

describe('tasks as text', () => {
  it('are late ones, then stages, then hosts that have the same once', () => {
    expect(text([...many, lost, waits])).toEqual([
      'f0494733: 362 tasks at 24 hosts, 1 not begun, 1 at no known worker, 1 late',
      '',
      '! PC1 of sector 702 at p1-57 P1-3: 7 h 40 min, expected 5 h 30 min to 6 h',
      '    next: see its huge pages, cores and restarts owed:',
      '        fcops status --limit p1-57',
      '! PC2 of sector 7 at p1-60: 31 h 0 min, and no worker is known to have it',
      '  (ret-wait, id 13aa09cd)',
      '    next: where no worker is at it any more:',
      '        fcops jobs abort 13aa09cd --miner f0494733',
      '',
      'stage  running  not begun  other  late      oldest  expected',
      'AP                      1',
      'PC1        336                       1  7 h 40 min  5 h 30 min to 6 h',
      'PC2         24                 1        10 min 0 s  18 min to 20 min',
      '',
      'host                    AP  PC1   PC2',
      'p1-60                   +1   14  1 ?1',
      'p1-[50:59], p1-[61:73]       14     1',
      '+1: not begun, ?1: the result is out, or at no known worker',
      '',
      '--full lists every task, --late those that are late',
    ]);
  });

  it('are listed one by one where they are few', () => {
    const lines = text(many, { hosts: new Set(['p1-57']), tasks: ['PC1'] });
    expect(lines[0]).toBe('f0494733: 14 tasks of 360 at 1 host, 1 late');
    expect(lines).toContain('PC1  14 tasks, 1 in trouble');
    expect(lines).toContainEqual(
      expect.stringMatching(/^ +702 {2}p1-57 {2}P1-3 +running +7 h 40 min {2}late$/),
    );
  });

  it('are all listed with --full, and fit into the terminal', () => {
    const lines = text([...many, lost], { full: true });
    expect(lines.filter((line) => /^ +\d+ {2}p1-/.test(line))).toHaveLength(361);
    expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
  });

  it('are told plainly where there is none, or none of those that were asked for', () => {
    expect(text([])).toEqual(['f0494733: miner-1 has given out no task']);
    expect(text(many.slice(0, 3), { late: true })).toEqual(['f0494733: none of the 3 tasks of miner-1']);
  });

  it('are late ones of a stage ten at the most, and how many more there are', () => {
    const late = many.map((one) => ({ ...one, seconds: 8 * HOUR }));
    const lines = text(late);
    expect(lines.filter((line) => line.startsWith('! PC1 of sector'))).toHaveLength(10);
    expect(lines).toContain('! 326 more of PC1: p1-[50:73]');
  });

  it('hold no control character of a host', () => {
    const odd = job(hosts[1] ?? minerHost, 'P2', 'PC2', 5, {
      worker: '99999999',
      host: 'a\u001b[31mb\u202e',
    });
    expect(text([odd], { full: true }).join('\n')).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u);
  });
});
