import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { doctorDocument, doctorDocumentSchema } from '../../../../src/cli/views/doctor-document.ts';
import { doctorLines } from '../../../../src/cli/views/doctor-text.ts';
import { fcopsCommand } from '../../../../src/core/next.ts';
import type { Diagnosed } from '../../../../src/ops/doctor/doctor.ts';
import type { Finding } from '../../../../src/ops/doctor/finding.ts';
import { finding, unknown } from '../../../../src/ops/doctor/finding.ts';

const dead = (host: string, evidence: readonly string[] = ['P2: the miner does not list it']): Finding =>
  finding('critical', 'p2', host, 'P1 is held up by P2', {
    processes: ['P2'],
    evidence,
    cost: '14 P1 tasks stand still',
    next: [
      fcopsCommand(['logs', 'p1', '--limit', host, '--process', 'P2'], 'why'),
      fcopsCommand(['start', 'p1', '--limit', host], 'where it does not run'),
    ],
  });
const document = (more: Partial<Diagnosed>) =>
  doctorDocument(
    {
      miner: 'f0494733',
      minerHost: 'miner-1',
      hosts: ['p1-50', 'p1-51'],
      findings: [],
      unknowns: [],
      ...more,
    },
    1_764_446_400,
    PLAIN_WORDS,
  );
const lines = (more: Partial<Diagnosed>, full = false) =>
  doctorLines(document(more), { paint: painter(false), width: 100, full });

it('what several hosts have in common costs as much on each of them', () => {
  const of = (...hosts: string[]) => lines({ findings: hosts.map((host) => dead(host)) }).join('\n');
  expect(of('p1-50', 'p1-51')).toContain('cost: on each of the 2 hosts: 14 P1 tasks stand still');
  expect(of('p1-50')).toContain('cost: 14 P1 tasks stand still');
});

describe('a diagnosis for programs', () => {
  it('is as its schema says', () => {
    const all = document({
      findings: [dead('p1-50'), finding('note', 'restart', 'p1-51', 'a restart is owed')],
      unknowns: [unknown('p1-51', 'nothing is known of it', 'no answer')],
    });
    expect(doctorDocumentSchema.parse(all)).toEqual(all);
    expect(all).toMatchObject({
      at: '2025-11-29T20:00:00Z',
      healthy: false,
      counts: { hosts: 2, critical: 1, warn: 0, note: 1, unknown: 1 },
    });
    expect(document({}).healthy).toBe(true);
    expect(document({ unknowns: [unknown(null, 'x')] }).healthy).toBe(false);
  });

  it('has hosts that cannot be reached for the same reason once, whatever their addresses are', () => {
    const away = (host: string, address: string, why = 'no SSH server listens') =>
      unknown(host, `nothing is known of it: ${address} port 22 refused the connection`, why);
    const found = {
      ...{ miner: 'f0494733', minerHost: 'm', hosts: ['a', 'b', 'c'], findings: [] },
      unknowns: [away('a', '10.0.0.1'), away('b', '10.0.0.2'), away('c', '10.0.0.3', 'another reason')],
    };
    const addresses = new Map(
      ['a', 'b', 'c'].map((host, index) => [host, { address: `10.0.0.${index + 1}` }]),
    );
    expect(doctorDocument(found, 0, PLAIN_WORDS, addresses).unknowns).toEqual([
      {
        hosts: ['a', 'b'],
        message: 'nothing is known of it: 10.0.0.1 port 22 refused the connection (as a says it)',
        why: 'no SSH server listens',
      },
      {
        hosts: ['c'],
        message: 'nothing is known of it: 10.0.0.3 port 22 refused the connection',
        why: 'another reason',
      },
    ]);
  });

  it('has what is alike once, with all hosts in its commands, and evidence by host where it differs', () => {
    const [same] = document({ findings: [dead('p1-50'), dead('p1-51')] }).findings;
    expect(same).toMatchObject({
      hosts: ['p1-50', 'p1-51'],
      evidence: [{ host: null, text: 'P2: the miner does not list it' }],
      commands: ["fcops logs p1 --limit 'p1-[50:51]' --process P2", "fcops start p1 --limit 'p1-[50:51]'"],
    });
    const [differ] = document({ findings: [dead('p1-50', ['a']), dead('p1-51', ['b'])] }).findings;
    expect(differ?.evidence).toEqual([
      { host: 'p1-50', text: 'a' },
      { host: 'p1-51', text: 'b' },
    ]);
  });

  it('names many processes of a command as a range', () => {
    const next = [fcopsCommand(['start', 'p1', '--limit', 'p1-50', '--process', 'P1-1,P1-2,P1-3,P1-7'])];
    const { findings } = document({ findings: [finding('warn', 'process', 'p1-50', 'x', { next })] });
    expect(findings[0]?.commands).toEqual(['fcops start p1 --limit p1-50 --process P1-[1:3],P1-7']);
  });
});

describe('a diagnosis for people', () => {
  it('says that nothing was found, and what was looked at', () => {
    expect(lines({}).slice(0, 3)).toEqual([
      'f0494733: 2 hosts: nothing was found',
      '',
      expect.stringMatching(/^looked at: processes/),
    ]);
  });

  it('tells the worst first, then what nobody could tell', () => {
    expect(
      lines({
        findings: [dead('p1-50'), finding('warn', 'c2', null, 'C2 does not keep up')],
        unknowns: [unknown('p1-51', 'nothing is known of it', 'no answer')],
      }),
    ).toEqual([
      'f0494733: 2 hosts: 1 critical, 1 warning, 1 unknown',
      '',
      'critical: work is being lost now',
      '! p1-50: P2: P1 is held up by P2',
      '    seen: P2: the miner does not list it',
      '    cost: 14 P1 tasks stand still',
      '    next: why:',
      '              fcops logs p1 --limit p1-50 --process P2',
      '          where it does not run:',
      '              fcops start p1 --limit p1-50',
      '',
      'warnings: work will be lost, or stands still',
      '* C2 does not keep up',
      '',
      'unknown: could not be checked, and may be wrong',
      '? p1-51: nothing is known of it',
      '    why:  no answer',
    ]);
  });

  it('tells of long evidence the first lines, and all with --full', () => {
    const findings = [
      dead(
        'p1-50',
        Array.from({ length: 9 }, (_, index) => `line ${index}`),
      ),
    ];
    expect(lines({ findings }).filter((line) => /line/.test(line))).toHaveLength(6);
    expect(lines({ findings }).join('\n')).toContain('and 4 lines more; --full tells all');
    expect(lines({ findings }, true).filter((line) => /line/.test(line))).toHaveLength(9);
  });

  it('shows no control character of a log', () => {
    expect(lines({ findings: [dead('p1-50', ['a\u001b[31mb\u202ec'])] }).join('\n')).not.toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      /[\u001b\u202e]/,
    );
  });
});
