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

/** The line with the wanted arguments: each stands where one of its name was, or at the end; others stay. */
export const mergeKernelLine = (present: readonly string[], wanted: readonly string[]): string[] => {
  const byName = new Map(wanted.map((argument) => [nameOf(argument), argument]));
  const placed = new Set<string>();
  const merged = present.flatMap((argument) => {
    const own = byName.get(nameOf(argument));
    if (own === undefined) return [argument];
    if (placed.has(own)) return [];
    placed.add(own);
    return [own];
  });
  return [...merged, ...wanted.filter((argument) => !placed.has(argument))];
};
