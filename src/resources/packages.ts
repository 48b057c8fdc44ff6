import { PACKAGE_NAME } from '../core/names.ts';
import { words } from '../core/shell.ts';
import { nameOfMany } from './names.ts';
import { unseen } from './observation.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';

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
    id: `packages:${nameOfMany(names)}`,
    probes: names.map((name) => ({ probe: 'package', manager, name })),
    diff: (seen) => {
      const unknown = names.find((name) => !seen.packages.has(name));
      if (unknown !== undefined) return unseen(seen, `package ${unknown}`);
      const missing = names.filter((name) => seen.packages.get(name) === null);
      return changeOr(
        missing.flatMap((name) => detail(name, null, 'installed')),
        { action: 'create', step: words(`install_${manager}`, ...missing) },
      );
    },
  };
};
