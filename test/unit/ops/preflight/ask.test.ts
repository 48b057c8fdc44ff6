import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseAnswers, preflightQuery } from '../../../../src/ops/preflight/ask.ts';
import { apiFindings } from '../../../../src/ops/preflight/judge-api.ts';
import { SOUGHT, URL_OF_ARCHIVE } from './sample.ts';

const same = (text: string): string => text;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const parsed = (...rows: string[][]) => {
  const answers = parseAnswers(`${rows.map((row) => row.join('\t')).join('\n')}\nover\n`, same);
  if (!answers.ok) throw new Error(answers.error);
  return answers.value;
};

describe('the question', () => {
  const secrets = { token: 'pl4nted.token', credentials: 'user:pl4nted' };

  it('has its secrets on standard input, and nowhere in its script', () => {
    const query = preflightQuery(SOUGHT, secrets, same);
    expect(query.input?.()).toBe('pl4nted.token\nuser:pl4nted\n');
    expect(query.script).not.toContain('pl4nted');
  });

  it('is bash, also where there is nothing to ask', () => {
    const nothing = {
      ...SOUGHT,
      api: null,
      archives: [],
      packages: null,
      names: [],
      ports: [],
      cpus: [],
      own: [],
    };
    for (const sought of [SOUGHT, nothing]) {
      const { script } = preflightQuery(sought, secrets, same);
      expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('');
    }
    const ran = spawnSync('bash', ['-c', preflightQuery(nothing, secrets, same).script], {
      input: '\n\n',
      encoding: 'utf8',
    });
    expect(parseAnswers(ran.stdout, same)).toMatchObject({ ok: true, value: { api: null, listeners: null } });
  });
});

describe('the answer', () => {
  it('of a host that said nothing in time is not known in any part', () => {
    expect(parsed()).toEqual({
      clock: null,
      api: null,
      archives: new Map(),
      names: new Map(),
      sources: null,
      missing: null,
      listeners: null,
      busy: null,
      addresses: null,
    });
  });

  it('is not used where it broke off', () => {
    expect(parseAnswers('cores\tseen\n', same).ok).toBe(false);
    expect(parseAnswers('', same).ok).toBe(false);
  });

  it('has no part of a secret where something sends back what it was sent, however much of that is shown', () => {
    const token = `planted-${'0123456789'.repeat(20)}`;
    const { parse } = preflightQuery(SOUGHT, { token, credentials: '' }, (text) =>
      text.replaceAll(token, '***'),
    );
    const echoed = (text: string) => parse(`api\t${base64(`connected\n${text}\n\nended 0\n`)}\nover\n`);
    for (const text of [
      `ERR unknown command Authorization ${token}`,
      `HTTP/1.1 200 OK\r\n\r\n{"params":["${token}"]}`,
      `HTTP/1.1 500 Oh\r\n\r\n${token}`,
    ]) {
      const answers = echoed(text);
      if (!answers.ok) throw new Error(answers.error);
      const found = apiFindings(SOUGHT, answers.value);
      expect(found.some(({ state }) => state === 'off')).toBe(true);
      expect(JSON.stringify(found)).not.toContain('planted-0123');
    }
  });

  it('does not say of a port whose it is where not all processes could be looked through', () => {
    const pids = (how: string) =>
      parsed(
        ['listener', '10001', '00000000', '', '', ''],
        ['listener', '10002', '00000000', '7', '', 'x'],
        ['listeners', how],
      ).listeners?.map(({ pid }) => pid);
    expect([pids('seen'), pids('partly')]).toEqual([
      [null, 7],
      ['unread', 7],
    ]);
  });

  it('is read row by row', () => {
    const answers = parsed(
      ['clock', 'begin', '1764446400.5'],
      ['clock', 'chrony', 'Leap status     : Normal'],
      ['clock', 'end', '1764446402.5'],
      ['api', base64('connected\nHTTP/1.1 401 Unauthorized\r\n\r\n\nended 0\n')],
      ['archive', URL_OF_ARCHIVE, 'here'],
      ['archive', 'http://a/b', 'curl', base64('code 404 http://a/b\n\nended 22')],
      ['name', 'a.example.com', '0', '10.0.0.1'],
      ['name', 'b.example.com', '2', ''],
      ['name', 'c.example.com', '124', ''],
      ['source', 'own', 'http://deb/InRelease', 'curl', base64('code 200 http://deb/InRelease\n\nended 0')],
      ['sources', '1'],
      ['missing', 'known', 'curl ntpdate'],
      ['listener', '10001', '00000000', '4711', '', 'python3 -m a\\tb'],
      ['listener', '10002', '00000000', '', '', ''],
      ['listener', 'x', 'y'],
      ['listeners', 'seen'],
      ['busy', '7', '97', '3,1,2', '[md0_resync]'],
      ['busy', '8', '97', '99999999', 'cat'],
      ['cores', 'seen'],
      ['address', '0', base64('10.0.0.5 eno1\n')],
    );
    expect(answers.addresses).toEqual({ status: 0, output: '10.0.0.5 eno1\n' });
    expect(answers.clock).toMatchObject({
      begin: 1764446400500,
      end: 1764446402500,
      synchronized: { type: 'yes' },
    });
    expect(answers.api).toMatchObject({ type: 'status', code: 401 });
    expect([...answers.archives.values()]).toEqual(['here', expect.objectContaining({ code: 404 })]);
    expect([...answers.names.values()]).toEqual(['known', 'unknown', 'late']);
    expect(answers.sources).toEqual([
      { isOurs: false, url: 'http://deb/InRelease', answer: expect.objectContaining({ code: 200 }) },
    ]);
    expect(answers.missing).toEqual(['curl', 'ntpdate']);
    expect(answers.listeners).toEqual([
      { port: 10001, address: '00000000', pid: 4711, repository: null, command: 'python3 -m a\tb' },
      { port: 10002, address: '00000000', pid: null, repository: null, command: '' },
    ]);
    expect(answers.busy).toEqual([
      { pid: 7, percent: 97, cpus: [3, 1, 2], command: '[md0_resync]' },
      { pid: 8, percent: 97, cpus: [], command: 'cat' },
    ]);
  });
});
