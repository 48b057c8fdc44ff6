import { contentOf } from '../core/content.ts';
import { distributionOf, distributionSeen } from '../core/distributions.ts';
import type { Facts } from '../core/facts.ts';
import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Host } from '../inventory/cluster.ts';
import { file } from '../resources/file/file.ts';
import type { Resource } from '../resources/resource.ts';

/** A mirror of the distribution as one more source of apt, in a file of its own; the host's own sources stay. */
export const aptMirror = (host: Host): Resource[] => {
  const mirror = host.variables.aptMirror;
  if (mirror === null || distributionOf(host.os).components === null) return [];
  return [
    file({
      path: '/etc/apt/sources.list.d/fcops.list',
      content: ({ os }: Facts) => {
        const { codename, components } = distributionSeen(os) ?? {};
        if (codename === undefined || !components) throw noCodename(host, os);
        return contentOf(
          ['', '-updates'].map((suite) => `deb ${mirror} ${codename}${suite} ${components}\n`).join(''),
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
