import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { apxSection, inProfile, type Profile, type SectorSize } from '../core/profile.ts';
import { remember } from '../core/remember.ts';
import { topologyOf } from './topology.ts';
import type { ApxLayout } from './types.ts';

/** Where APx listens, on a machine of its own as beside P1 (handbook 2.2.6.3.1). */
export const APX_PORT = 11000;

/**
 * The layout of a machine that runs APx alone: any of its cores, no huge pages. Throws an FcopsError for a profile that
 * does not say how many sectors it takes on.
 */
export const solveApx = (profile: Profile, sectorSize: SectorSize): ApxLayout => solvers[sectorSize](profile);

const solver = (sectorSize: SectorSize) =>
  remember((profile: Profile): ApxLayout => {
    const maxSealing = apxSection(profile)?.maxSealing[sectorSize];
    if (maxSealing === undefined) {
      const section = profile.apx ? 'apx' : 'p1';
      throw new FcopsError({
        kind: 'layout',
        what: `profile ${profile.name} does not say how many ${sectorSize} sectors APx takes on`,
        ...inProfile(profile, section, 'maxSealing'),
        why: profile[section]
          ? `${section}.maxSealing has no ${sectorSize}`
          : 'it has neither an apx nor a p1 section',
        next: [edit('add apx with maxSealing for this sector size to the profile')],
      });
    }
    const { threadsPerCore, nodes } = topologyOf(profile);
    return {
      kind: 'apx',
      profile: profile.name,
      sectorSize,
      threadsPerCore,
      nodes,
      port: APX_PORT,
      maxSealing,
    };
  });
const solvers: Readonly<Record<SectorSize, (profile: Profile) => ApxLayout>> = {
  '32GiB': solver('32GiB'),
  '64GiB': solver('64GiB'),
  '2KiB': solver('2KiB'),
  '8MiB': solver('8MiB'),
  '512MiB': solver('512MiB'),
};
