import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { packageChangesShell } from '../../../src/resources/packages/look.ts';

/** The rows of what a package manager says, by functions that stand in for it and for what it is asked beside it. */
const rows = (call: string, said: string, besides = ''): string[][] =>
  execFileSync(
    'bash',
    [
      '-c',
      `set -u
       ${packageChangesShell}
       timeout() { shift; "$@"; }
       apt-get() { said; }
       yum() { said; return 1; }
       said() { cat <<'SAID'
${said}
SAID
       }
       ${besides}
       ${call}`,
    ],
    { encoding: 'utf8' },
  )
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));

describe('what installing would do to others', () => {
  it('is nothing where lines are blank, or nobody knows of what they are', () => {
    const said =
      'Updating:\n   \n                         x86_64     1.2-3.el7          base     1 M\nRemoving:\n \n';
    expect(rows('fcops_yum_changes 5 tree', said)).toEqual([]);
  });

  it('as apt-get -s says it, removals, upgrades and downgrades, and nothing of what is new', () => {
    // As apt 2.6 and 1.6 print it.
    const said = `Reading package lists...
The following packages will be REMOVED:
  driver-470
Remv driver-470 [470.1-0ubuntu1] [libx:amd64 ]
Inst libc6 [2.36-9] (2.36-9+deb12u1 Debian:12/stable, Debian-Security:12/stable [amd64]) []
Inst libold:i386 [2:3] (2:1 Debian:12/stable [i386]) [libc6:amd64 ]
Inst tree (2.1.0-1 Debian:12.15/oldstable [amd64])
Purg config-left [1.0]
Conf tree (2.1.0-1 Debian:12.15/oldstable [amd64])`;
    const older = 'dpkg() { [[ $2 == 2:1 ]]; }';
    expect(rows('fcops_apt_changes 5 tree', said, older)).toEqual([
      ['removed', 'driver-470', '470.1-0ubuntu1'],
      ['upgraded', 'libc6', '2.36-9', '2.36-9+deb12u1'],
      ['downgraded', 'libold:i386', '2:3', '2:1'],
      ['removed', 'config-left', '1.0'],
    ]);
  });

  it('as yum says it, with what is replaced and names that have a line of their own', () => {
    const said = `Loaded plugins: fastestmirror
Dependencies Resolved

================================================================================
 Package                 Arch       Version            Repository          Size
================================================================================
Installing:
 nload                   x86_64     0.7.4-4.el7        epel                70 k
     replacing  oldload.x86_64 1.0-1.el7
Installing for dependencies:
 libnew                  x86_64     1-1                base                 1 k
Updating for dependencies:
 glibc                   x86_64     2.17-326.el7_9     updates            3.6 M
 a-package-of-a-very-long-name
                         x86_64     2-2                updates            3.6 M
Removing for dependencies:
 kmod-old                x86_64     5-1                @base                1 M

Transaction Summary
================================================================================
Install  1 Package
Exiting on user command`;
    expect(rows('fcops_yum_changes 5 nload', said, "rpm() { printf '1-1'; }")).toEqual([
      ['removed', 'oldload', '1.0-1.el7'],
      ['upgraded', 'glibc', '1-1', '2.17-326.el7_9'],
      ['upgraded', 'a-package-of-a-very-long-name', '1-1', '2-2'],
      ['removed', 'kmod-old', '5-1'],
    ]);
  });
});
