import { PACKAGE_NAME } from '../../core/names.ts';
import { nameOfMany, titleOfMany } from '../names.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { packageLook } from './look.ts';
import { PACKAGES_DEADLINE } from './step.ts';

export interface PackagesSpec {
  readonly manager: 'apt' | 'yum';
  /** Names as dpkg or rpm know them, without versions. */
  readonly names: readonly string[];
}

/**
 * Packages of the distribution, all that are missing installed by one call. A package that no source has fails
 * the step with its name. What is installed is never upgraded.
 */
export const packages = ({ manager, names }: PackagesSpec): Resource => {
  for (const name of names) {
    if (!PACKAGE_NAME.test(name)) {
      throw new RangeError(`not the name of a package: ${JSON.stringify(name)}`);
    }
  }
  return {
    kind: 'packages',
    id: `packages:${nameOfMany(names)}`,
    title: titleOfMany('packages', names),
    asks: names.map((name) => ({ look: 'package', manager, name })),
    provides: [{ type: 'packages' }],
    diff: (seen) => {
      const unknown = names.find((name) => packageLook.seen(seen, name) === undefined);
      if (unknown !== undefined) return packageLook.unseen(seen, unknown);
      const missing = names.filter((name) => packageLook.seen(seen, name) === false);
      return changeOr(
        missing.flatMap((name) => detail(name, null, 'installed')),
        {
          action: 'create',
          steps: [{ step: 'install-packages', manager, names: missing, deadline: PACKAGES_DEADLINE }],
        },
      );
    },
  };
};
