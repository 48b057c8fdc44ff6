import { contentOf } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Host } from '../inventory/cluster.ts';
import { file } from '../resources/file/file.ts';
import type { Resource } from '../resources/resource.ts';

/** By `ID VERSION_ID` of /etc/os-release: what a release is called in a mirror's directories. */
const CODENAMES: Readonly<Record<string, string>> = {
  'ubuntu 18.04': 'bionic',
  'ubuntu 20.04': 'focal',
  'ubuntu 22.04': 'jammy',
  'ubuntu 24.04': 'noble',
  'debian 10': 'buster',
  'debian 11': 'bullseye',
  'debian 12': 'bookworm',
  'debian 13': 'trixie',
};

const COMPONENTS = {
  ubuntu: 'main restricted universe multiverse',
  debian: 'main contrib non-free',
} as const;

/** A mirror of the distribution as one more source of apt, in a file of its own; the host's own sources stay. */
export const aptMirror = (host: Host): Resource[] => {
  const mirror = host.variables.aptMirror;
  if (mirror === null || host.os.id === 'centos') return [];
  const components = COMPONENTS[host.os.id];
  return [
    file({
      path: '/etc/apt/sources.list.d/fcops.list',
      content: ({ os }: Facts) => {
        const name = CODENAMES[`${os.id} ${os.version}`];
        if (name === undefined) throw noCodename(host, os);
        return contentOf(
          ['', '-updates'].map((suite) => `deb ${mirror} ${name}${suite} ${components}\n`).join(''),
        );
      },
    }),
  ];
};

const noCodename = (host: Host, { id, version }: Facts['os']): FcopsError =>
  new FcopsError({
    kind: 'inventory',
    what: `variables.aptMirror: what ${id} ${version} is called on a mirror is not known`,
    where: { host: host.name },
    next: [edit('leave it out, and write the source into /etc/apt/sources.list.d by hand')],
  });
