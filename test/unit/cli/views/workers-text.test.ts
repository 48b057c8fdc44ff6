import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { displayWidth } from '../../../../src/cli/text/width.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { workersDocument, workersDocumentSchema } from '../../../../src/cli/views/workers-document.ts';
import { workersLines } from '../../../../src/cli/views/workers-text.ts';
import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import { atMiner } from '../../../../src/ops/at-miner/whose.ts';
import { clusterWorkers } from '../../../../src/ops/jobs/workers.ts';
import { allOf, job, minerHost, officialAt, p1Host, says, workerAt } from '../../ops/jobs/support.ts';

const hosts = [minerHost, ...Array.from({ length: 24 }, (_, index) => p1Host(50 + index, 14))];
const about = { miner: 'f0494733', minerHost: 'miner-1' };
const jobs = hosts
  .slice(1)
  .flatMap((host) =>
    host.processes.map(({ name }, index) =>
      job(host, name, name === 'APx' ? 'FIN' : name === 'P2' ? 'PC2' : 'PC1', index),
    ),
  );

const text = (
  workers: readonly SealingWorker[],
  { chosen = null as string | null, full = false, at = jobs as readonly SealingJob[], width = 80 } = {},
) => {
  const said = says(workers, at);
  const only = chosen === null ? null : new Set([chosen]);
  const view = clusterWorkers(said.jobs, atMiner(said, hosts), about, only);
  const document = workersDocumentSchema.parse(workersDocument(view, 1_795_000_000, PLAIN_WORDS));
  return workersLines(document, { paint: painter(false), width, full });
};
const all = hosts.flatMap((host) => allOf(host));

describe('workers as text', () => {
  it('are what is missing first, then hosts by role, those that are alike once', () => {
    const strange = workerAt(p1Host(99), 'P2', { id: 'c7f7b1b2-7c1e-4f6f-8a55-2f8f7a2d9e10' });
    expect(text([...all.slice(0, -3), strange])).toEqual([
      'f0494733: 382 of 385 workers registered at miner-1, 1 of no host of the',
      '  inventory, 4 troubles',
      '',
      '! p1-73: P1-[12:14]: not registered',
      '    next: see whether it runs, and the end of its log:',
      '        fcops status --limit p1-73',
      '* worker c7f7b1b2-7c1e-4f6f-8a55-2f8f7a2d9e10 of f0494733-p1-10-0-0-99',
      '  (10.0.0.99:12000): the inventory has no such host',
      '',
      'miner    registered',
      'miner-1  1 of 1',
      '',
      'p1          registered  at work',
      'p1-[50:72]  16 of 16    PC1 × 14, PC2 × 1, FIN × 1',
      'p1-73       13 of 16    PC1 × 11, PC2 × 1, FIN × 1',
      '',
      'not in the inventory',
      '  host                   state       worker',
      '  f0494733-p1-10-0-0-99  registered  c7f7b1b2',
    ]);
  });

  it('are process by process where one host is asked for', () => {
    const lines = text(all, { chosen: 'p1-60' });
    expect(lines[0]).toBe('f0494733: 16 of 16 workers registered at miner-1, no trouble');
    expect(lines).toContain('p1-60  10.0.0.60  16 of 16 workers registered');
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}P1-3 +registered {2}PC1 of 4 \(1 h 0 min\) {2,}1016003a$/),
    );
  });

  it('are what each takes and uses, where this lotus-miner tells it', () => {
    const takes = workerAt(minerHost, 'lotus-miner', {
      tasks: new Map([
        ['FIN', 0],
        ['C1', 1],
      ]),
    });
    expect(text([takes], { chosen: 'miner-1', at: [] }).join('\n')).toMatch(
      /lotus-miner {2}registered {2}FIN C1 {2}/,
    );
    const gpu = { gpus: [{ name: 'GeForce RTX 3090', used: true }] };
    expect(
      text([officialAt(minerHost, 'lotus-miner', gpu)], { chosen: 'miner-1', at: [] }).join('\n'),
    ).toContain('CPU 7/64, RAM 81 %, GeForce RTX 3090 used');
  });

  it('are counted where the official lotus-miner does not tell which is which', () => {
    const official = hosts.flatMap((host) => allOf(host, officialAt)).slice(0, -3);
    const lines = text(official);
    expect(lines).toContain('! p1-73: 3 of its 16 workers are not registered; which is not told');
    expect(lines).toContain('p1-73       13 of 16    PC1 × 11, PC2 × 1, FIN × 1  RAM 81 %');
    const one = text(official, { chosen: 'p1-73' });
    expect(one.filter((line) => line.includes('13 registered'))).toEqual([
      expect.stringMatching(/^ {2}APx, P2, P1-\[1:14\] {2}13 registered$/),
    ]);
  });

  it('are troubles that are alike once, with the hosts in what to do', () => {
    const lines = text(all.filter(({ url }) => url?.port !== 12_000));
    expect(lines).toContain('! p1-[50:73]: P2: not registered');
    expect(lines).toContain("        fcops status --limit 'p1-[50:73]'");
  });

  it('fit into a narrow terminal, without what can be spared', () => {
    const official = hosts.flatMap((host) => allOf(host, officialAt));
    for (const width of [70, 60]) {
      const lines = text(official, { chosen: 'p1-73', width });
      expect(lines.slice(2).filter((line) => displayWidth(line) > width)).toEqual([]);
    }
  });
});
