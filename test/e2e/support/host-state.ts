import type { BootedHost } from './nspawn.ts';

type Host = Pick<BootedHost, 'sh'>;

/**
 * Everything on a host that a deploy may touch, a line each: files by content, mode and owner, mounts, crontabs,
 * packages, what systemd starts. What two of them differ by was changed in between.
 */
export const stateOf = async (host: Host): Promise<string[]> => {
  const text = await host.sh(String.raw`
    places=(/etc /opt /boot /root /usr/local /home)
    find "${'$'}{places[@]}" -xdev -printf '%M %u:%g %p %l\n'
    find "${'$'}{places[@]}" -xdev -type f -size -3000k -exec sha256sum {} +
    findmnt -rno TARGET,FSTYPE,OPTIONS --real
    dpkg-query -W -f '${'$'}{Package} ${'$'}{Version} ${'$'}{db:Status-Status}\n'
    systemctl list-unit-files --no-legend --plain --state=enabled,disabled,static,masked
    crontab -l
    hostname`);
  return text.split('\n').toSorted();
};

/** Files that fcops makes on the way and must never leave, and runs that go on. */
export const leftovers = async (host: Host): Promise<string> =>
  host.sh(String.raw`
    find / /run /tmp /opt/raid0 -xdev \( -path /proc -o -path /sys -o -path /run/simulated \) -prune -o \
      \( \( -name '.fcops*' -a ! -name .fcops-archive \) -o -path '/var/lib/fcops/*/steps.sh' \) -print 2>/dev/null
    pgrep -fa '/var/lib/fcops/runs/.*/[s]teps.sh' || true`);

/** Waits until a condition, in bash, holds on a host; rejects after a minute. */
export const waitFor = (host: Host, condition: string): Promise<string> =>
  host.sh(`for _ in {1..600}; do if ${condition}; then exit 0; fi; sleep 0.1; done; exit 1`);

/** Waits until no run is at work on a host. */
export const runsEnded = (host: Host): Promise<string> =>
  waitFor(host, `! pgrep -f '/var/lib/fcops/runs/.*/[s]teps.sh' >/dev/null`);
