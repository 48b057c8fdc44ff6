import { look } from '../core/next.ts';
import { words } from '../core/shell.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { askGuard, guardLook } from '../resources/guard/look.ts';
import { listOf } from '../resources/init/storage.ts';
import type { Requirement } from '../resources/process/process.ts';
import type { Severity } from './checks.ts';

const NAME = 'storage paths of lotus-miner';

/** Prints the paths of a storage.json that have no sectorstore.json. A path with a backslash is not read here. */
const withoutSign = (list: string): string =>
  `[[ -e ${words(list)} ]] || exit 0
grep -oE '"Path"[[:space:]]*:[[:space:]]*"/[^"\\]*"' ${words(list)} | while IFS= read -r line; do
  line=\${line%\\"}
  path=\${line##*\\"}
  [[ -e $path/sectorstore.json ]] || printf '%s\\n' "$path"
done
`;

/**
 * lotus-miner opens every path of its storage.json when it starts, and ends where one has no sectorstore.json: a disk
 * that is not mounted, be it of the inventory or not.
 */
export const storagePaths = (
  { storage }: Cluster,
  { roles }: Host,
  repository: string,
  severity: Severity,
): Requirement => {
  const list = listOf(repository);
  const mounted = storage
    .filter(({ on }) => on.some((role) => roles.includes(role)))
    .map(({ path }) => ({ type: 'mounted', target: path }) as const);
  return {
    name: NAME,
    asks: [askGuard(NAME, withoutSign(list))],
    needs: mounted,
    severity,
    check: (seen, pending) => {
      const guard = guardLook.seen(seen, NAME);
      if (guard === undefined) return { unknown: guardLook.unseen(seen, NAME).reason };
      const comes = mounted.filter(pending).map(({ target }) => target);
      const missing = guard.output
        .split('\n')
        .filter((path) => path !== '' && !comes.some((target) => `${path}/`.startsWith(`${target}/`)));
      if (missing.length === 0) return null;
      return {
        message: `${missing.join(', ')} of ${list} ${missing.length === 1 ? 'has' : 'have'} no sectorstore.json: lotus-miner would end at its start`,
        next: [
          look(
            `mount what belongs there; where a path is gone for good, take it out of ${list} (its sectors are lost to proofs)`,
          ),
        ],
      };
    },
  };
};
