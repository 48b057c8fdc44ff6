import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isShell, shellTexts } from '../../../../src/ops/check/shell-texts.ts';
import { shellcheck } from '../../../../src/ops/check/shellcheck.ts';
import { needs } from '../../../support/needs.ts';
import { repository } from '../../inventory/support.ts';
import { ALICE } from '../secrets/support.ts';
import { foundIn, GOOD, OTHER, SUM } from './support.ts';

const shipped = (name: string) => readFileSync(join(repository, `templates/${name}.hbs`), 'utf8');

describe('of what is rendered', () => {
  it.each([
    ['/opt/start_c2.sh', '#!/bin/bash\ntrue\n', true],
    ['/opt/tool', '#!/usr/bin/env bash\n', true],
    ['/opt/tool', '#!/bin/sh -e\n', true],
    ['/opt/tool.sh', '#!/usr/bin/python3\n', false],
    ['/opt/profile', 'export A=1\n', true],
    ['/etc/cron.hourly/x', '# shellcheck shell=sh\ntrue\n', true],
    ['/etc/security/limits.conf', '# shell\n', false],
    ['/etc/systemd/system/x.service', '[Unit]\n', false],
    ['/etc/myprofile', 'x\n', false],
  ])('%s that begins with %j is shell: %s', (path, text, expected) => {
    expect(isShell({ path, text })).toBe(expected);
  });

  const host = (name: string) => [{ miner: 'f01', name }];
  const script = (path: string, text: string, template = 't') => ({
    path,
    text: `#!/bin/bash\n${text}`,
    template,
  });

  it('texts that are alike but for numbers are one, with all that have it', () => {
    const about = { used: new Set<string>(), problems: [] };
    const texts = shellTexts([
      {
        ...about,
        hosts: host('a'),
        files: [script('/1.sh', 'a 1,2 10.0.0.1'), script('/2.sh', 'a 3 10.0.0.1')],
      },
      { ...about, hosts: host('b'), files: [script('/1.sh', 'a 1,2 10.0.0.2'), script('/3.sh', 'b 1')] },
      {
        ...about,
        hosts: host('c'),
        files: [script('/1.sh', 'a 1', 'other'), { path: '/x', text: 'a 1', template: 't' }],
      },
    ]);
    expect(
      texts.map(({ text, paths, hosts }) => [text.slice(12), paths, hosts.map(({ name }) => name)]),
    ).toEqual([
      ['a 1,2 10.0.0.1', ['/1.sh', '/2.sh'], ['a', 'b']],
      ['b 1', ['/3.sh'], ['b']],
      ['a 1', ['/1.sh'], ['c']],
    ]);
  });
});

describe('shellcheck', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'fcops-no-shellcheck-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** Asks a stand-in of it, a script. */
  const asked = (script: string, texts: readonly string[], deadline = 60) => {
    const file = join(directory, 'shellcheck');
    writeFileSync(file, `#!/bin/bash\n${script}\n`);
    chmodSync(file, 0o755);
    return shellcheck(texts, { env: { PATH: `${directory}:/usr/bin:/bin` }, deadline });
  };

  it('gets all texts in one call for each way to read them, in private files that are gone afterwards', async () => {
    const log = join(directory, 'log');
    const script = `{ stat -c '%a' "\${!#}" "$(dirname "\${!#}")"; echo "$*"; } >>${log}; echo '{"comments":[]}'`;
    const answer = await asked(script, ['#!/bin/sh\n', 'export A=1\n', '# shellcheck shell=bash\n']);
    expect(answer).toEqual({ type: 'checked', comments: [] });
    const said = readFileSync(log, 'utf8');
    expect(said.match(/^\d+$/gm)).toEqual(['600', '700', '600', '700']);
    expect(
      said
        .match(/^--norc.*$/gm)
        ?.map((line) => line.replaceAll(/\/\S*\//g, ''))
        .toSorted(),
    ).toEqual([
      '--norc --format=json1 --exclude=SC1090,SC1091 --shell=bash 1.sh',
      '--norc --format=json1 --exclude=SC1090,SC1091 0.sh 2.sh',
    ]);
    expect(
      readdirSync(tmpdir()).filter(
        (name) => said.includes(name) && name !== 'log' && name.startsWith('fcops-shell-'),
      ),
    ).toEqual([]);
  });

  it('is asked some dozens at a time', async () => {
    const log = join(directory, 'many');
    const texts = Array.from({ length: 100 }, () => '#!/bin/sh\n');
    await asked(`echo $# >>${log}; echo '{"comments":[]}'`, texts);
    expect(
      readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map(Number)
        .toSorted((a, b) => b - a),
    ).toEqual([43, 43, 23]);
  });

  it.each([
    ['echo nonsense', 'it printed nothing that can be read'],
    ['echo "unrecognized option --norc" >&2; exit 4', 'unrecognized option --norc'],
    ['sleep 60', 'it did not end within 1 s'],
  ])('that answers with %j has failed, and says why', async (script, why) => {
    expect(await asked(script, ['#!/bin/sh\n'], 1)).toEqual({ type: 'failed', why });
  });

  it('that is late is ended with all that it has started', async () => {
    const file = join(directory, 'pid');
    await asked(`sleep 300 & echo $! >${file}; wait`, ['#!/bin/sh\n'], 1);
    const lives = (): boolean => existsSync(`/proc/${readFileSync(file, 'utf8').trim()}/exe`);
    await expect.poll(lives).toBe(false);
  });

  const own = (text: string) => ({
    'inventories/f0494733.yaml': GOOD,
    'inventories/f0730670.yaml': OTHER,
    'templates/p1/start_p1.sh.hbs': text,
  });
  const checked = async (
    files: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ) =>
    (await foundIn(files, { templates: true, shell: true, env })).map(
      ({ rule, severity, problem, hosts }) => ({
        ...{ rule, severity, ...problem },
        hosts: hosts?.map(({ miner, name }) => `${miner} ${name}`),
      }),
    );

  it('that is not there is a note, and all else is checked', async () => {
    const file = own('#!/bin/bash\nrm $1\n{{nosuch}}\n');
    expect(await checked(file, { PATH: join(directory, 'empty') })).toMatchObject([
      { rule: 'template', severity: 'error' },
      {
        rule: 'shell-unchecked',
        severity: 'note',
        what: 'shellcheck is not installed: the rendered shell was not checked',
      },
    ]);
  });

  it('that fails is a warning', async () => {
    writeFileSync(join(directory, 'shellcheck'), '#!/bin/sh\necho no >&2\n');
    chmodSync(join(directory, 'shellcheck'), 0o755);
    expect(await checked(own('#!/bin/bash\n'), { PATH: directory })).toMatchObject([
      { rule: 'shell-unchecked', severity: 'warning', why: 'no' },
    ]);
  });

  const real = { tags: needs('shellcheck') };

  it('has nothing to say of what fcops ships', real, async () => {
    const systemd = OTHER.concat('variables: { supervisor: systemd, environment: { A_B: "x $y \'z" } }\n');
    const miner = GOOD.replace('versions: {', 'versions: { lotus: 1.11.1-3079a405a, miner: 1.11.1-3079a405a,')
      .replace(
        '  sha256:\n',
        `  sha256:\n    lotus-1.11.1-3079a405a.tar.gz: ${SUM}\n    lotus-miner-1.11.1-3079a405a.tar.gz: ${SUM}\n`,
      )
      .concat(
        '  - { name: miner-1, address: 192.168.10.1, roles: [miner], profile: amd-7532 }\npledge: { packing: 3 }\nbackup: { mount: /backup }\n',
      );
    const files = { 'inventories/f0494733.yaml': miner, 'inventories/f0730670.yaml': systemd };
    expect(await checked({ ...files, 'templates/p1/start_p1.sh.hbs': shipped('p1/start_p1.sh') })).toEqual(
      [],
    );
  });

  it(
    'is told with the line of the template, the rendered line, and all hosts that get it',
    real,
    async () => {
      const text = '#!/bin/bash\n# {{tasks}} tasks\nrm -f $1\n';
      expect(await checked(own(text))).toEqual([
        {
          ...{ rule: 'shellcheck', severity: 'warning', kind: 'template' },
          what: expect.stringMatching(/^SC2086: Double quote /),
          where: { file: 'templates/p1/start_p1.sh.hbs', line: 3 },
          why: 'line 3 of /opt/lotusworker/start_p1.sh: rm -f $1',
          next: [{ type: 'look', text: 'https://www.shellcheck.net/wiki/SC2086' }],
          hosts: ['f0494733 p1-50', 'f0730670 p1-150'],
        },
      ]);
    },
  );

  it('is an error where the shell could not read it', real, async () => {
    const found = await checked(own('#!/bin/bash\nif [ {{tasks}} -gt 1 ]; then\n'));
    expect(found).toContainEqual(
      expect.objectContaining({
        ...{ rule: 'shellcheck', severity: 'error' },
        where: { file: 'templates/p1/start_p1.sh.hbs', line: 2 },
        why: 'line 2 of /opt/lotusworker/start_p1.sh: if [ 14 -gt 1 ]; then',
      }),
    );
  });

  it('is told once of a line that is in several scripts, at the partial that it is from', real, async () => {
    const files = {
      ...own(shipped('p1/start_p1.sh')),
      'templates/partials/bound_logs.sh.hbs': shipped('partials/bound_logs.sh').replace(
        '{\n',
        '{\n  cd $1\n',
      ),
    };
    expect(await checked(files)).toMatchObject([
      {
        what: expect.stringMatching(/^SC2086: /),
        where: { file: 'templates/partials/bound_logs.sh.hbs', line: 4 },
        why: 'line 20 of /opt/worker-1c2/start_1c2.sh (and 3 more): cd $1',
        hosts: ['f0494733 c2-10', 'f0730670 c2-110'],
      },
    ]);
  });

  it('sees a secret as a word, and never its value', real, async () => {
    const text = '#!/bin/bash\necho {{tasks}}\n';
    const profile = '# shellcheck shell=bash\nexport API={{secret token}}:{{sh api}}\necho $API\n';
    const files = { ...own(text), 'templates/p1/profile.hbs': profile };
    const found = await checked(files, { TOKEN: 'made-up-token', PATH: process.env.PATH ?? '' });
    expect(found.map(({ what, where }) => [what, where])).toEqual([
      [expect.stringMatching(/^SC2086: /), { file: 'templates/p1/profile.hbs', line: 3 }],
    ]);
    expect(JSON.stringify(found)).not.toContain('made-up-token');
  });

  it('is told without a secret that somebody has written into a template', real, async () => {
    const lines = [
      '#!/bin/bash',
      'echo made-up-token $1',
      'curl -u deploy:$2 "http://a:made-up-other@x/"',
      `age -i ${ALICE.identity} $3`,
      'PASSWORD=made-up-more ls $4',
    ];
    const found = await checked(own(lines.join('\n')), { TOKEN: 'made-up-token' });
    expect(found.filter(({ rule }) => rule === 'shellcheck').map(({ why }) => why)).toEqual([
      'line 2 of /opt/lotusworker/start_p1.sh: echo ******** $1',
      'line 3 of /opt/lotusworker/start_p1.sh: curl -u deploy:$2 "http://********@x/"',
      'line 4 of /opt/lotusworker/start_p1.sh: ********',
      'line 5 of /opt/lotusworker/start_p1.sh: PASSWORD=******** ls $4',
    ]);
    expect(JSON.stringify(found)).not.toMatch(/made-up|AGE-SECRET/);
  });
});
