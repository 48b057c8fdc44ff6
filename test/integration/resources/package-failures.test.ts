/** Why packages could not be installed: the functions of a step, with package managers that say what real ones say. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failedProblem } from '../../../src/engine/apply/problems.ts';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';
import { installPackages } from '../../../src/resources/packages/step.ts';

const run = mkdtempSync(join(tmpdir(), 'fcops-failures-'));
afterAll(() => rmSync(run, { recursive: true }));

const NAMES = ['curl', 'ntpdate', 'cron', 'tree', 'nosuchpkg', 'nvidia-driver-460'];
const KEYS = {
  ntpdate: 'variables.ntpServer',
  cron: 'variables.ntpServer',
  tree: 'variables.packages',
  nosuchpkg: 'variables.packages',
  'nvidia-driver-460': 'variables.gpuDriver',
};

/** The problem that a step ends in, where apt-get or yum says this and ends so. */
const problem = (manager: 'apt' | 'yum', does: string) => {
  const bash = installPackages.bash(
    {
      step: 'install-packages',
      manager,
      names: NAMES,
      mayRemove: [],
      mayUpgrade: [],
      keys: KEYS,
      proxy: null,
      deadline: 9,
    },
    () => '',
  );
  const lines = execFileSync(
    'bash',
    [
      '-c',
      `${STEP_SHELL}
       FCOPS_RUN=${run}; rm -f ${run}/*
       type() { return 0; }
       timeout() { return 1; }
       fresh_apt_lists() { return 1; }
       rpm() { return 1; }
       ${does}
       (set -euo pipefail; ${bash}) 2>&1 || true`,
    ],
    { encoding: 'utf8' },
  )
    .trimEnd()
    .split('\n');
  const item = {
    state: 'change' as const,
    task: 'packages',
    kind: 'packages',
    resource: 'packages:curl,ntpdate,cron+3',
    title: 'packages',
    change: { action: 'create' as const, details: [], steps: [] },
  };
  const { what, why, next = [] } = failedProblem('p1-50', item, { status: 1, late: null }, lines);
  return { what, why, next: next.map((one) => ('text' in one ? one.text : '')) };
};

const WITHOUT = [
  'give it a route and a name server, or set variables.proxy, or variables.aptMirror to a mirror that it reaches',
  'or do without: variables.gpuDriver: null (nvidia-driver-460)',
  'or do without: variables.ntpServer: null (ntpdate, cron)',
  'or leave out of variables.packages what can wait (tree, nosuchpkg)',
  'run again: what was done stays, and only what is missing is done',
].toSorted();

describe('packages that cannot be installed', () => {
  it.each([
    [
      'no name server',
      "Err:1 http://deb.debian.org/debian bookworm InRelease\n  Temporary failure resolving 'deb.debian.org'",
      'packages: this host cannot resolve the name deb.debian.org',
      "Temporary failure resolving 'deb.debian.org'",
    ],
    [
      'no route',
      'Err:1 http://10.0.0.1/ubuntu bionic InRelease\n  Cannot initiate the connection to 10.0.0.1:80 (10.0.0.1). - connect (101: Network is unreachable)',
      'packages: this host has no route to its package sources',
      'Cannot initiate the connection to 10.0.0.1:80 (10.0.0.1). - connect (101: Network is unreachable)',
    ],
  ])('%s is told first, then what can be done without', (_, said, what, why) => {
    const found = problem(
      'apt',
      `apt-get() {
         case " $* " in
           *' update '*) cat <<'SAID'
${said}
SAID
             ;;
           *) echo 'Reading package lists...'; for p in curl tree nosuchpkg; do echo "E: Unable to locate package $p"; done; return 100 ;;
         esac
       }`,
    );
    expect(found.what).toBe(what);
    expect(found.why).toBe(`${why}\nnot installed: ${NAMES.join(' ')}`);
    expect(found.next.toSorted()).toEqual(WITHOUT);
  });

  it('the same of yum', () => {
    const said = `yum() { echo 'Could not retrieve mirrorlist http://mirrorlist.centos.org/?release=7 error was'
      echo '14: curl#6 - "Could not resolve host: mirrorlist.centos.org; Unknown error"'; return 1; }`;
    expect(problem('yum', said).what).toBe(
      'packages: this host cannot resolve the name mirrorlist.centos.org',
    );
  });

  it('a name that no source has comes first, with what asked for it', () => {
    const found = problem(
      'apt',
      `apt-get() {
         case " $* " in
           *' update '*) echo 'Hit:1 http://deb.debian.org/debian bookworm InRelease'
             echo 'W: Failed to fetch http://other.example.com/x  Temporary failure resolving other.example.com' ;;
           *) echo 'Reading package lists...'; echo 'Building dependency tree...'
              echo 'E: Unable to locate package nosuchpkg'; return 100 ;;
         esac
       }`,
    );
    expect(found).toMatchObject({
      what: 'packages: no source of /etc/apt has the package nosuchpkg',
      why: 'asked for: nosuchpkg by variables.packages',
    });
  });

  it("anything else is told by those of apt's lines that tell", () => {
    const found = problem(
      'apt',
      `apt-get() {
         case " $* " in
           *' update '*) echo 'Hit:1 http://deb.debian.org/debian bookworm InRelease' ;;
           *) printf '%s\\n' 'Reading package lists...' 'The following packages have unmet dependencies:' \\
                ' tree : Depends: libc6 (>= 9) but 2.36 is to be installed' 'E: Unable to correct problems, you have held broken packages.'; return 100 ;;
         esac
       }`,
    );
    expect(found).toMatchObject({
      what: `packages: apt-get could not install ${NAMES.join(' ')}`,
      why: 'The following packages have unmet dependencies:\n tree : Depends: libc6 (>= 9) but 2.36 is to be installed\nE: Unable to correct problems, you have held broken packages.',
    });
  });

  it('downloads go through the proxy', () => {
    const bash = installPackages.bash(
      {
        step: 'install-packages',
        manager: 'apt',
        names: ['tree'],
        mayRemove: [],
        mayUpgrade: [],
        keys: {},
        proxy: 'http://10.0.0.1:3128',
        deadline: 9,
      },
      () => '',
    );
    expect(bash).toBe(
      "http_proxy=http://10.0.0.1:3128 https_proxy=http://10.0.0.1:3128 install_packages apt '' '' '' tree",
    );
  });
});
