import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../../support/needs.ts';

const source = (path: string): string => fileURLToPath(new URL(`../../../../src/${path}`, import.meta.url));
const FILES = [
  'resources/text/text.sh',
  'resources/process/workers.sh',
  'resources/process/daemons.sh',
  'ops/preflight/preflight.sh',
].map(source);

/** What a script prints that has the functions. */
const run = (script: string): string => {
  const whole = `set -u\n${FILES.map((file) => `source ${file}`).join('\n')}\n${script}`;
  const { stdout, stderr } = spawnSync('bash', ['-c', whole], { encoding: 'utf8' });
  return stdout + stderr;
};

it('passes shellcheck', { tags: needs('shellcheck') }, () => {
  const options = ['-s', 'bash', '-f', 'gcc', '-e', 'SC2016,SC2154', source('ops/preflight/preflight.sh')];
  expect(spawnSync('shellcheck', options, { encoding: 'utf8' }).stdout).toBe('');
});

describe('who is at work on the cores', () => {
  /** Two samples: time of this shell, and of its parent, after and before. */
  const sampled = (own: number, parent: number) => `
    samples=0
    fcops_sample() { samples=$((samples + 1)); ticks=(); ticks[$$]=$((samples * ${own})); ticks[$PPID]=$((samples * ${parent})); ticks[1]=5; }
    fcops_uptime() { uptime=$((samples * 100)); }
    sleep() { :; }`;

  it('is whoever had more than half a core, with the cores that it was seen on', () => {
    const rows = run(`${sampled(10, 80)}\ncheck_cores --`)
      .trim()
      .split('\n');
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(new RegExp(`^busy\\t${process.pid}\\t80\\t\\d+(,\\d+)*\\t`));
    expect(rows[1]).toBe('cores\tseen');
  });

  it('is nobody whom the host is to run, nor what one of those has started', () => {
    const owned = `fcops_find_workers() { workers=($PPID /opt/lotusworker/worker-1p1); }`;
    const script = `${sampled(90, 90)}\n${owned}`;
    expect(run(`${script}\ncheck_cores /opt/lotusworker/worker-1p1 --`)).toBe('cores\tseen\n');
    expect(run(`${script}\ncheck_cores /opt/lotusworker/worker-2p1 --`).match(/^busy/gm)).toHaveLength(2);
  });
});

describe('sources of packages', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'fcops-sources-'));
    mkdirSync(join(directory, 'apt/sources.list.d'), { recursive: true });
    mkdirSync(join(directory, 'yum.repos.d'), { recursive: true });
    writeFileSync(
      join(directory, 'apt/sources.list'),
      `# deb http://commented/ x main
deb [arch=amd64 signed-by=/k.gpg] http://a.example.com/ubuntu bionic main universe
deb-src http://src.example.com/ubuntu bionic main
deb https://user:pl4nted@b.example.com/repo ./
deb cdrom:[Ubuntu]/ bionic main
`,
    );
    writeFileSync(
      join(directory, 'apt/sources.list.d/debian.sources'),
      `Types: deb deb-src
# a comment
URIs: http://c.example.com/debian
 http://d.example.com/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://off.example.com/debian
Suites: bookworm
Enabled: no

Types: deb-src
URIs: http://source-only.example.com/debian
Suites: bookworm
`,
    );
    writeFileSync(
      join(directory, 'yum.repos.d/CentOS-Base.repo'),
      `[base]
name=CentOS
mirrorlist=http://mirrorlist.example.org/?release=$releasever&arch=$basearch&repo=os&infra=$infra
#baseurl=http://mirror.example.org/centos/$releasever/os/$basearch/
[updates]
baseurl = http://mirror.example.org/centos/$releasever/updates/$basearch/
[off]
enabled=0
baseurl=http://off.example.org/
[odd]
baseurl=http://odd.example.org/$strange/os/
`,
    );
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  /** The functions with another /etc. */
  const inEtc = (call: string) =>
    run(
      `eval "$(declare -f fcops_apt_sources fcops_yum_sources | sed 's!/etc/os-release!${directory}/os-release!; s!/etc/!${directory}/!g')"\n${call}`,
    );

  it('of apt are those that packages come from, in both ways of writing them', () => {
    expect(inEtc('fcops_apt_sources').trim().split('\n')).toEqual([
      'http://a.example.com/ubuntu bionic',
      'https://user:pl4nted@b.example.com/repo ./',
      'http://c.example.com/debian bookworm',
      'http://d.example.com/debian bookworm',
    ]);
  });

  it('are shown without a login', () => {
    expect(run('fcops_shown https://user:pl4nted@b.example.com/repo')).toBe('https://b.example.com/repo');
    expect(run('fcops_shown http://b.example.com/a@b')).toBe('http://b.example.com/a@b');
  });

  it('of yum have what they stand for in them', () => {
    writeFileSync(join(directory, 'os-release'), 'NAME="CentOS Linux"\nVERSION_ID="7"\n');
    const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
    expect(inEtc('fcops_yum_sources').trim().split('\n')).toEqual([
      `http://mirrorlist.example.org/?release=7&arch=${arch}&repo=os&infra=stock`,
      `http://mirror.example.org/centos/7/updates/${arch}/repodata/repomd.xml`,
      'http://odd.example.org/',
    ]);
  });
});

describe('who listens on a port', () => {
  const server = createServer();
  const port = () => {
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  };
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => server.close());
  const listeners = (before: string) => {
    const hex = port().toString(16).toUpperCase().padStart(4, '0');
    const rows = run(
      `fcops_find_workers() { :; }; fcops_escape() { escaped=$1; }\n${before}\ncheck_listeners ${hex} -- </dev/null`,
    );
    return rows
      .trim()
      .split('\n')
      .map((row) => row.split('\t').slice(0, 4));
  };

  it('is told with its process', () => {
    expect(listeners('')).toEqual([
      ['listener', `${port()}`, '0100007F', `${process.pid}`],
      ['listeners', 'seen'],
    ]);
  });

  it('is not known where the processes could not be looked through in time', () => {
    expect(listeners('timeout() { return 124; }')).toEqual([
      ['listener', `${port()}`, '0100007F', ''],
      ['listeners', 'partly'],
    ]);
  });
});

describe('packages that are missing', () => {
  it('are those that dpkg does not call installed', () => {
    const dpkg = `dpkg-query() { echo 'bash install ok installed'; echo 'cron deinstall ok config-files'; }; timeout() { shift 3; "$@"; }`;
    expect(run(`${dpkg}\nfcops_missing apt bash cron curl`)).toBe('missing\tknown\tcron curl\n');
  });

  it('are those that rpm does not know', () => {
    const rpm = `rpm() { [[ $4 == bash ]]; }; type() { :; }; timeout() { shift 3; "$@"; }`;
    expect(run(`${rpm}\nfcops_missing yum bash curl`)).toBe('missing\tknown\tcurl\n');
  });
});
