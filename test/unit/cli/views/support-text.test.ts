import { expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { SUPPORT_FORMAT, type SupportDocument } from '../../../../src/cli/views/support-document.ts';
import { supportLines } from '../../../../src/cli/views/support-text.ts';

it('tells once what is missing for one reason', () => {
  const why = '10.0.0.5 port 22 refused the connection';
  const document: SupportDocument = {
    ...{ format: SUPPORT_FORMAT, miner: 'f0494733' },
    ...{ host: 'p1-50', file: '/tmp/p1-50.tar.gz', bytes: 1024, files: [{ name: 'index.txt', bytes: 9 }] },
    missing: [
      { name: 'facts', why },
      { name: 'logs/P2.log', why: 'there is no /opt/lotusworker/worker-p2/log.txt on the host' },
      { name: 'kernel.txt', why },
    ],
  };
  expect(supportLines(document, { paint: painter(false), width: 100 }).slice(1)).toEqual([
    '3 things could not be had:',
    `? facts, kernel.txt: ${why}`,
    '? logs/P2.log: there is no /opt/lotusworker/worker-p2/log.txt on the host',
  ]);
});
