import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { preflightDocument, preflightDocumentSchema } from '../../../../src/cli/views/preflight-document.ts';
import { preflightJunit } from '../../../../src/cli/views/preflight-junit.ts';
import { preflightLines } from '../../../../src/cli/views/preflight-text.ts';
import { fcopsCommand } from '../../../../src/core/next.ts';
import type { Finding } from '../../../../src/ops/preflight/finding.ts';
import { fine } from '../../../../src/ops/preflight/finding.ts';
import type { HostPreflight } from '../../../../src/ops/preflight/preflight.ts';

const asked = (host: string, ...findings: Finding[]): HostPreflight => ({
  host,
  address: '192.168.10.50',
  listen: '192.168.10.50',
  state: 'asked',
  findings,
});
const REFUSED: Finding = {
  check: 'token',
  state: 'off',
  about: '10.0.0.5:2345',
  message: 'lotus-miner at 10.0.0.5:2345 refuses the token (401)',
  next: [fcopsCommand(['status'], 'see')],
};
const clock = (ms: number): Finding => ({
  check: 'clock',
  state: 'warn',
  about: 'clock',
  message: `its clock is ${ms} ms ahead (± 12 ms)`,
});
const UNSEEN: HostPreflight = {
  host: 'p1-53',
  address: '192.168.10.53',
  listen: '192.168.10.53',
  state: 'unseen',
  problems: [{ kind: 'connect', what: 'port 22 refused <the> connection', where: { host: 'p1-53' } }],
};
const document = (...hosts: HostPreflight[]) =>
  preflightDocument('f0494733', hosts, 1_764_446_400, PLAIN_WORDS);
const text = (...hosts: HostPreflight[]) =>
  preflightLines(document(...hosts), { paint: painter(false), width: 100 }).join('\n');

const NAMES = fine('names', 'a', 'a is found');

describe('a preflight as text', () => {
  it('says of hosts that are alike once what is wrong, the worst first, and what is fine in one line', () => {
    expect(
      text(
        asked('p1-50', NAMES, REFUSED, clock(1400)),
        asked('p1-51', NAMES, REFUSED, clock(1700)),
        asked('p1-52', NAMES, fine('token', 'x', 'taken')),
        UNSEEN,
      ),
    ).toBe(`f0494733: 1 of 4 hosts is ready, 2 would fail, 1 could not be asked

! p1-[50:51]: lotus-miner at 10.0.0.5:2345 refuses the token (401)
    next: see: fcops status
* p1-[50:51], as p1-50 says it: its clock is 1400 ms ahead (± 12 ms)

NOT ASKED p1-53
  port 22 refused <the> connection

fine: names: p1-[50:51]
fine: names, token: p1-52`);
  });

  it('says in two lines that all is well', () => {
    expect(text(asked('p1-50', NAMES), asked('p1-51', NAMES))).toBe(
      'f0494733: all 2 hosts are ready\n\nfine: names: p1-[50:51]',
    );
    expect(text(asked('p1-50', NAMES))).toMatch(/^f0494733: its host is ready\n/);
  });

  it('is quiet of what another finding says, and names what is not known', () => {
    const quiet: Finding = { check: 'api', state: 'unknown', about: 'x', message: 'no name', isQuiet: true };
    const unknown: Finding = { check: 'ports', state: 'unknown', about: 'x', message: 'nobody knows' };
    expect(text(asked('p1-50', quiet, unknown))).toBe(
      'f0494733: its host is ready as far as is known\n\n? p1-50: nobody knows',
    );
    expect(text(asked('p1-50', unknown), asked('p1-51', quiet))).toMatch(
      /^f0494733: all 2 hosts are ready, 1 of them as far as is known\n/,
    );
  });

  it('fits into a narrow terminal', () => {
    const lines = preflightLines(document(asked('p1-50', REFUSED), UNSEEN), {
      paint: painter(false),
      width: 40,
    });
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });
});

describe('a preflight for programs', () => {
  it('is of its schema', () => {
    const whole = document(asked('p1-50', NAMES, REFUSED), UNSEEN);
    expect(preflightDocumentSchema.parse(whole)).toEqual(whole);
    expect(whole.counts).toEqual({ hosts: 2, ready: 0, unsure: 0, off: 1, unseen: 1 });
    expect(whole.hosts[0]?.findings[1]).toMatchObject({
      next: 'see: fcops status',
      commands: ['fcops status'],
    });
  });

  it('is a suite a host and a case a check, as JUnit', () => {
    const xml = preflightJunit(document(asked('p1-50', NAMES, REFUSED, clock(1400)), UNSEEN));
    expect(xml).toContain('<testsuites name="fcops preflight f0494733" tests="5" failures="2" errors="0">');
    expect(xml).toContain('<testcase classname="p1-50" name="names"/>');
    const unknown: Finding = { check: 'ports', state: 'unknown', about: 'x', message: 'nobody knows' };
    expect(preflightJunit(document(asked('p1-50', unknown)))).toMatch(
      /name="ports">\n {6}<skipped\/>\n {6}<system-out>nobody knows</,
    );
    expect(xml).toMatch(/name="token">\n {6}<failure type="token" message="lotus-miner at /);
    expect(xml).toMatch(/name="clock">\n {6}<system-out>its clock is 1400 ms/);
    expect(xml).toMatch(/name="asked">\n {6}<failure type="asked" message="port 22 refused &lt;the&gt; /);
  });
});
