import { shellOnHost } from '../core/next.ts';
import { words } from '../core/shell.ts';
import { assertion } from '../resources/assertion/assertion.ts';
import { askGuard, guardLook } from '../resources/guard/look.ts';
import type { Resource } from '../resources/resource.ts';

/** Directories of numbered processes: `/opt/lotusworker/worker-` NUMBER `p1`. */
export interface Numbered {
  /** Absolute, up to the number. */
  readonly before: string;
  readonly after: string;
}

/**
 * Tells of what a larger layout has left: directories with a number above that of the processes of now, and what
 * still works on them. fcops removes none of it: only who knows what is in there can.
 */
export const leftovers = (group: string, processes: number, places: readonly Numbered[]): Resource => {
  const name = `left over of ${group}`;
  const told = assertion({
    name,
    asks: [askGuard(name, script(processes, places))],
    severity: 'warn',
    check: (seen) => {
      const guard = guardLook.seen(seen, name);
      if (guard === undefined) return { unknown: guardLook.unseen(seen, name).reason };
      const found = guard.output
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const [path = '', ...pids] = line.split(' ');
          return { path, pids };
        })
        .toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
      if (found.length === 0) return null;
      const named = found.map(({ path, pids }) =>
        pids.length === 0 ? path : `${path} (in use by ${pids.join(', ')})`,
      );
      return {
        message: `left over from more ${group} than the ${processes} of this layout: ${named.join(', ')}; fcops removes none of it`,
        next: [shellOnHost(words('ls', '-la', ...found.map(({ path }) => path)), 'look what is in it')],
      };
    },
  });
  // Of whatever checks a host has, this is none.
  return { ...told, kind: 'leftovers', id: `leftovers:${group}`, title: `leftovers of ${group}` };
};

/** Prints the paths, each with the processes that have it as an argument. */
const script = (processes: number, places: readonly Numbered[]): string =>
  places
    .map(
      ({ before, after }) => `for path in ${words(before)}*${words(after)}; do
  number=\${path#${words(before)}}
  number=\${number%${words(after)}}
  [[ $number == [1-9]* && $number != *[!0-9]* && \${#number} -le 4 && $number -gt ${processes} ]] || continue
  printf '%s' "$path"
  grep -lzsxF -f <(printf '%s' "$path") /proc/[0-9]*/cmdline | while IFS=/ read -r _ _ pid _; do printf ' %s' "$pid"; done
  echo
done
`,
    )
    .join('');
