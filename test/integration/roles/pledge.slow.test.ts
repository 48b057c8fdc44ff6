import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { miner } from '../../../src/roles/miner.ts';
import { factsFor, shipped } from '../../unit/layout/shipped.ts';
import { filesOf, minerContext } from '../../unit/roles/support.ts';

/** The script that pledges, with a lotus-miner that says what a test wants. */

const profile = shipped('amd-7532');
const script =
  filesOf(miner.tasks(minerContext(profile, {}, { packing: 14 })), factsFor(profile)).get(
    '/opt/raid0/cron_pledge.sh',
  ) ?? '';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fcops-pledge-'));
  writeFileSync(join(home, 'profile'), `export PATH=${home}:$PATH\n`);
  writeFileSync(join(home, 'cron_pledge.sh'), script.replaceAll('/opt/raid0', home));
});
afterEach(() => rmSync(home, { recursive: true }));

/** What of the program is not as usual: its exit code, what it says on standard error, a pledge that is refused. */
interface Program {
  readonly status?: number;
  readonly errors?: string;
  readonly refusedAfter?: number;
  readonly slow?: boolean;
}

const lotusMiner = (
  info: string,
  { status = 0, errors = '', refusedAfter = 1000, slow = false }: Program = {},
) => {
  writeFileSync(join(home, 'info'), info);
  writeFileSync(join(home, 'errors'), errors);
  writeFileSync(
    join(home, 'lotus-miner'),
    `#!/bin/bash
case $* in
  info) cat ${home}/errors >&2; cat ${home}/info; exit ${status} ;;
  'sectors pledge')
    ${slow ? 'sleep 2' : ''}
    made=$(cat ${home}/pledged 2>/dev/null | wc -l)
    if [[ $made -ge ${refusedAfter} ]]; then
      printf 'ERROR: too many sectors sealing (curSealing: 60, max: 60)\\n\\n' >&2
      exit 1
    fi
    echo pledged >>${home}/pledged
    echo "Created CC sector:  $((1041 + made))" ;;
  *) exit 3 ;;
esac
`,
  );
  chmodSync(join(home, 'lotus-miner'), 0o755);
};

const run = () => execa('bash', [join(home, 'cron_pledge.sh')], { reject: false });
const read = (name: string) => (existsSync(join(home, name)) ? readFileSync(join(home, name), 'utf8') : '');
const pledged = () => read('pledged').split('\n').length - 1;
const log = () => read('cron_pledge.log').replace(/^\S+ \S+ /gm, '');

/** What `lotus-miner info` prints in 1.11.1, with these rows of sectors. */
const infoWith = (
  rows: readonly string[],
  id = 'f0494733',
) => `Enabled subsystems (from miner API): [Mining Sealing SectorStorage Markets]
Enabled subsystems (from markets API): [Mining Sealing SectorStorage Markets]
Chain: [sync ok] [basefee 211.611 pFIL]
Miner: ${id} (64 GiB sectors)
Power: 121 Ti / 9.93 Ei (0.0012%)
\tRaw: 45.75 TiB / 9.93 EiB (0.0004%)
\tCommitted: 46 TiB
\tProving: 45.75 TiB (64 GiB Faulty, 0.14%)
Below minimum power threshold, no blocks will be won
Miner Balance:    1633.652 FIL
      PreCommit:  410.976 mFIL
Worker Balance:   17.853 FIL
Total Spendable:  984.723 FIL

Sectors:
${rows.map((row) => `\t${row}\n`).join('')}
Storage Deals: 42, 581.5 GiB
      Active:            39  485.5 GiB (Verified: 39 485.5 GiB)

Retrieval Deals (complete): 0, 0 B
`;
const ROWS = [
  'Total: 1480',
  'Proving: 1456',
  'Packing: 8',
  'PreCommit1: 12',
  'PreCommit2: 1',
  'WaitSeed: 2',
  'SealPreCommit1Failed: 1',
];
const INFO = infoWith(ROWS);

describe('the script that pledges', () => {
  it.each<[string, string, number]>([
    ['what is missing', INFO, 6],
    ['nothing where enough is there', INFO.replace('Packing: 8', 'Packing: 14').replace('1456', '1450'), 0],
    ['nothing where more is there', INFO.replace('Packing: 8', 'Packing: 40').replace('1456', '1424'), 0],
    ['all where the row is missing, as it is at zero', infoWith(['Total: 1480', 'Proving: 1480']), 14],
    ['all of a miner without any sector', infoWith(['Total: 0']), 14],
    [
      'by Packing, not by PackingFailed',
      infoWith(['Total: 12', 'Proving: 1', 'Packing: 8', 'PackingFailed: 3']),
      6,
    ],
    ['what is missing, with colours', INFO.replace('Packing: 8', '\u001b[91mPacking: 8\u001b[0m'), 6],
    [
      'what is missing, with the line ends of Windows and blanks for tabs',
      INFO.replaceAll('\n', '\r\n').replaceAll('\t', '    '),
      6,
    ],
    ['what is missing, with a state that has no name', infoWith(['Total: 10', ': 2', 'Packing: 8']), 6],
    [
      'what is missing of the older 1.2',
      INFO.slice(INFO.indexOf('Chain:'), INFO.indexOf('\nStorage Deals')),
      6,
    ],
    ['what is missing, where a test network writes t0', infoWith(ROWS, 't0494733'), 6],
  ])('pledges %s', async (_, info, sectors) => {
    lotusMiner(info, { errors: '2021-08-17T10:11:12.345+0800\tWARN\tmain\tsomething\n' });
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout, stderr]).toEqual([0, '', '']);
    expect(pledged()).toBe(sectors);
    const lines = log().split('\n').filter(Boolean);
    expect(lines).toHaveLength(sectors);
    for (const line of lines)
      expect(line).toMatch(/of 14 sectors were in Packing; one is pledged: Created CC sector: {2}\d+$/);
  });

  it.each<[string, string, string, Program?]>([
    ['nothing at all', '', 'it is not of the miner f0494733'],
    ['another miner', infoWith(ROWS, 'f0494734'), 'it is not of the miner f0494733'],
    ['a longer id', infoWith(ROWS, 'f04947330'), 'it is not of the miner f0494733'],
    ['only its beginning', INFO.slice(0, INFO.indexOf('\nSectors')), 'it lists no sectors'],
    [
      'not all rows',
      INFO.slice(0, INFO.indexOf('\tPacking')),
      'its sectors add up to 1456, and it says 1480',
    ],
    [
      'half of a row',
      INFO.slice(0, INFO.indexOf('ing: 8')),
      'a row of its sectors is no state with a number',
    ],
    [
      'half of a number',
      INFO.slice(0, INFO.indexOf('80\n\tProving')),
      'its sectors add up to 0, and it says 14',
    ],
    ['no total', infoWith(['Packing: 8']), 'its sectors have no total'],
    [
      'a number with a unit',
      infoWith(['Total: 1k', 'Packing: 8']),
      'a row of its sectors is no state with a number',
    ],
    [
      'two rows of Packing',
      infoWith(['Total: 16', 'Packing: 8', 'Packing: 8']),
      'it has two rows of Packing',
    ],
    ['the sectors twice', `${INFO}\nSectors:\n\tTotal: 0\n`, 'it lists the sectors twice'],
    [
      'help in place of it',
      'NAME:\n   lotus-miner info - Print miner info\n',
      'it is not of the miner f0494733',
    ],
  ])('does nothing, and says why, where lotus-miner says %s', async (_, info, why, program = {}) => {
    lotusMiner(info, program);
    expect((await run()).exitCode).toBe(1);
    expect(pledged()).toBe(0);
    expect(log()).toBe(`nothing is pledged: lotus-miner info is not understood: ${why}\n`);
  });

  it('does nothing where lotus-miner does not run, or there is none', async () => {
    const errors =
      'ERROR: could not get API info: could not get api endpoint: API not running (no endpoint)\n\n';
    lotusMiner('Chain: ', { status: 1, errors });
    expect((await run()).exitCode).toBe(1);
    rmSync(join(home, 'lotus-miner'));
    expect((await run()).exitCode).toBe(1);
    expect(pledged()).toBe(0);
    expect(log()).toMatch(
      /^nothing is pledged: lotus-miner info failed: ERROR: could not get API info: .*\nnothing is pledged: lotus-miner info failed: .*lotus-miner.*\n$/,
    );
  });

  it('ends at the first pledge that is refused, and says so', async () => {
    lotusMiner(INFO, { refusedAfter: 2 });
    expect((await run()).exitCode).toBe(1);
    expect(pledged()).toBe(2);
    expect(log().split('\n').at(-2)).toBe(
      '8 of 14 sectors were in Packing; a pledge failed, and no more are made: ERROR: too many sectors sealing (curSealing: 60, max: 60)',
    );
  });

  it('is not joined by the next run while it goes on', async () => {
    lotusMiner(infoWith(['Total: 12', 'Packing: 12']), { slow: true });
    const first = run();
    while (!existsSync(join(home, 'cron_pledge.log.errors')))
      await new Promise((later) => setTimeout(later, 20));
    expect((await run()).exitCode).toBe(0);
    await first;
    expect(pledged()).toBe(2);
  });

  it('pledges nothing for any text that is cut off or broken', async () => {
    const good = infoWith(['Total: 20', 'Proving: 6', 'Packing: 14']);
    // A state by another name is another state, and no mistake.
    const notOfAName = fc.string({ maxLength: 4 }).map((text) => text.replace(/[A-Za-z0-9]/g, '.'));
    const broken = fc.oneof(
      fc.nat({ max: good.length }).map((end) => good.slice(0, end)),
      fc
        .tuple(fc.nat({ max: good.length }), notOfAName)
        .map(([at, put]) => good.slice(0, at) + put + good.slice(at + put.length)),
      fc.nat({ max: 30 }).map((row) => good.split('\n').toSpliced(row, 1).join('\n')),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (info) => {
        lotusMiner(info.replaceAll('\0', ''));
        await run();
        expect(pledged()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
