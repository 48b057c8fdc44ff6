import { PACKAGE_NAME } from '../../core/names.ts';
import type { Next } from '../../core/next.ts';
import { edit } from '../../core/next.ts';
import { nameOfMany, titleOfMany } from '../names.ts';
import type { Detail, Resource, Violation } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import type { Beside } from './look.ts';
import { besides, packageLook } from './look.ts';
import { PACKAGES_DEADLINE } from './step.ts';

export interface PackagesSpec {
  readonly manager: 'apt' | 'yum';
  /** Names as dpkg or rpm know them, without versions. */
  readonly names: readonly string[];
  /** Installed packages that may go where one of those needs it. Left out: none. */
  readonly mayRemove?: readonly string[];
  /** Installed packages that may get another version where one of those needs it. Left out: none. */
  readonly mayUpgrade?: readonly string[];
  /** What of the inventory asked for them, by name: `variables.gpuDriver`. No blanks. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Where downloads go through. Left out or null: as the host has it by itself. */
  readonly proxy?: string | null;
}

/**
 * Packages of the distribution, all that are missing installed by one call. A package that no source has fails
 * the step with its name. What is installed is never upgraded, nor removed for another, unless it is named.
 */
export const packages = (spec: PackagesSpec): Resource => {
  const { manager, names, mayRemove = [], mayUpgrade = [], keys = {}, proxy = null } = spec;
  for (const name of names) {
    if (!PACKAGE_NAME.test(name)) {
      throw new RangeError(`not the name of a package: ${JSON.stringify(name)}`);
    }
  }
  const isAllowed = ({ what, name }: Beside): boolean =>
    (what === 'removed' ? mayRemove : mayUpgrade).includes(withoutArchitecture(name));
  return {
    kind: 'packages',
    id: `packages:${nameOfMany(names)}`,
    title: titleOfMany('packages', names),
    asks: names.map((name) => ({ look: 'package', manager, name })),
    provides: [{ type: 'packages' }],
    leaves: (host) => {
      for (const name of names) host.put(packageLook, name, true);
    },
    manages: names.map((name) => `package ${name}`),
    fetches: { type: 'packages', manager, names, proxy },
    diff: (seen) => {
      const unknown = names.find((name) => packageLook.seen(seen, name) === undefined);
      if (unknown !== undefined) return packageLook.unseen(seen, unknown);
      const missing = names.filter((name) => packageLook.seen(seen, name) === false);
      const others = missing.length === 0 ? [] : besides(seen, manager);
      const refused = others.filter((one) => !isAllowed(one));
      if (refused.length > 0) return { state: 'violated', violation: refusal(missing, refused, keys) };
      return changeOr([...missing.flatMap((name) => detail(name, null, 'installed')), ...others.map(row)], {
        action: 'create',
        steps: [
          {
            step: 'install-packages',
            manager,
            names: missing,
            mayRemove,
            mayUpgrade,
            keys,
            proxy,
            deadline: PACKAGES_DEADLINE,
          },
        ],
      });
    },
  };
};

/** `libc6:i386` is libc6 to whoever allows something. */
const withoutArchitecture = (name: string): string => name.split(':', 1)[0] ?? name;

const row = (beside: Beside): Detail => ({
  name: beside.name,
  before: beside.version,
  after: beside.what === 'removed' ? 'removed' : `${beside.what} to ${beside.to}`,
});

const refusal = (
  missing: readonly string[],
  refused: readonly Beside[],
  keys: Readonly<Record<string, string>>,
): Violation => {
  const asking = missing.map((name) => (keys[name] === undefined ? name : `${name} of ${keys[name]}`));
  const removed = refused.filter(({ what }) => what === 'removed');
  const changed = refused.filter(({ what }) => what !== 'removed');
  return {
    message: `${sentence(removed, changed)} if ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} installed, and nobody has allowed that`,
    next: [
      edit(`take out of the inventory what needs that (${asking.join(', ')}), or allow it by name`),
      ...allow('variables.allowRemoval', removed),
      ...allow('variables.allowUpgrade', changed),
    ],
    severity: 'enforce',
  };
};

/** `nvidia-driver-470 (470.1) would be removed, libc6 (2.36-9) upgraded to 2.36-10` */
const sentence = (removed: readonly Beside[], changed: readonly Beside[]): string =>
  [...removed, ...changed]
    .map((one, index) => {
      const what = one.what === 'removed' ? one.what : `${one.what} to ${one.to}`;
      return `${one.name} (${one.version})${index === 0 ? ' would be' : ''} ${what}`;
    })
    .join(', ');

const allow = (key: string, others: readonly Beside[]): Next[] => {
  const names = [...new Set(others.map(({ name }) => withoutArchitecture(name)))];
  return names.length === 0 ? [] : [edit(`${key}: [${names.join(', ')}]`)];
};
