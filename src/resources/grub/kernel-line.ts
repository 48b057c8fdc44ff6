import { maskOutput } from '../../core/others-secrets.ts';
import { MASK } from '../../core/secret.ts';

/** Value by name of a kernel argument; empty for an argument without a value. */
export type KernelLine = Readonly<Record<string, string>>;

/** `hugepagesz=1G`, or the bare name where there is no value. A name or value with blanks: RangeError. */
export const argumentsOf = (line: KernelLine): string[] =>
  Object.entries(line).map(([name, value]) => {
    const argument = value === '' ? name : `${name}=${value}`;
    if (!/^[A-Za-z0-9_.-]+(=[A-Za-z0-9_.,:/@+-]+)?$/.test(argument)) {
      throw new RangeError(`not a plain kernel argument: ${JSON.stringify(argument)}`);
    }
    return argument;
  });

/** Arguments as the kernel cuts them: at blanks outside of double quotes. */
export const splitKernelLine = (line: string): string[] => line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];

/** The name of an argument. */
const nameOf = (argument: string): string => argument.split('=', 1)[0] ?? argument;

/** Names that may stand several times, as their places count: `hugepages=4` is for the `hugepagesz=` before it. */
const PLACED = new Set(['hugepagesz', 'hugepages']);

const isPlaced = (argument: string): boolean => PLACED.has(nameOf(argument));

/**
 * The line with the wanted arguments: each stands where one of its name was, or at the end; others stay. Those of
 * huge pages all stay, and what lacks comes after them.
 */
export const mergeKernelLine = (present: readonly string[], wanted: readonly string[]): string[] => {
  const byName = new Map(
    wanted.filter((argument) => !isPlaced(argument)).map((argument) => [nameOf(argument), argument]),
  );
  const placed = new Set<string>();
  const merged = present.flatMap((argument) => {
    const own = byName.get(nameOf(argument));
    if (own === undefined) return [argument];
    if (placed.has(own)) return [];
    placed.add(own);
    return [own];
  });
  const there = new Set([...placed, ...present.filter(isPlaced)]);
  return [...merged, ...wanted.filter((argument) => !there.has(argument))];
};

/** Whether the line has huge pages of its own, which wanted arguments may give another meaning. */
export const hasOtherHugepages = (present: readonly string[], wanted: readonly string[]): boolean =>
  present.some((argument) => isPlaced(argument) && !wanted.includes(argument));

/** The line with its huge pages written so that their number keeps its size whatever the default size is. */
export const withPagesSized = (present: readonly string[]): string[] => {
  const defaults = present.filter((argument) => nameOf(argument) === 'default_hugepagesz');
  let sized = false;
  return present.flatMap((argument) => {
    sized ||= nameOf(argument) === 'hugepagesz';
    if (sized || nameOf(argument) !== 'hugepages') return [argument];
    // Of x86, where nothing is said.
    return [`hugepagesz=${defaults.at(-1)?.split('=')[1] ?? '2M'}`, argument];
  });
};

/** Arguments of no secret, besides those of huge pages. */
const HARMLESS =
  /^(BOOT_IMAGE|root|rootflags|rootfstype|console|crashkernel|iommu|(amd|intel)_iommu|isolcpus|nohz_full|rcu_nocbs|mitigations|transparent_hugepage|default_hugepagesz|hugepagesz|hugepages|net\.ifnames|biosdevname|numa_balancing|pci|processor\.max_cstate|intel_idle\.max_cstate)$/;

/** An argument as it may be shown: with its value where it is one of those wanted, or has no secret by its name. */
export const shownArgument = (argument: string, wanted: readonly string[] = []): string => {
  const name = nameOf(argument);
  const isKnown = HARMLESS.test(name) || wanted.some((one) => nameOf(one) === name);
  return name === argument || isKnown ? maskOutput(argument) : `${name}=${MASK}`;
};
