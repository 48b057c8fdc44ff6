import type { Named, Slip, Term } from './host-pattern.ts';
import { chosenBy, hostFinder, readPattern, termsIn } from './host-pattern.ts';
import type { GroupFile, HostValues, VariablesFile } from './inventory-file.ts';
import type { Path } from './yaml-file.ts';

/** Groups of hosts: who is in them, and what that means for their values. */

/** A pattern of a group that chooses nothing, or says nothing. */
export interface OddPattern {
  /** As it was written. */
  readonly text: string;
  /** Why; null: it matches no host. */
  readonly slip: Slip | null;
  /** Where it stands below the group's `hosts`: which of a list. */
  readonly at: Path;
}

/** The hosts of a group, and what of its patterns has none. */
export interface Members<H> {
  readonly hosts: readonly H[];
  readonly odd: readonly OddPattern[];
}

/** Tells the hosts of groups; made once for all groups of a file. */
export const membersAmong = <H extends Named>(
  hosts: readonly H[],
): ((patterns: GroupFile['hosts']) => Members<H>) => {
  const find = hostFinder(hosts);
  const found = ({ pattern }: Term): { readonly found: readonly H[]; readonly slip: Slip | null } => {
    const read = readPattern(pattern);
    return read.ok ? { found: find(read.value), slip: null } : { found: [], slip: read.error };
  };
  return (patterns) => {
    const texts = typeof patterns === 'string' ? [patterns] : patterns;
    const terms = texts.flatMap((text, index) =>
      termsIn(text).map((term) => ({
        ...term,
        ...found(term),
        at: typeof patterns === 'string' ? [] : [index],
      })),
    );
    return {
      hosts: terms.length === 0 ? [] : chosenBy(hosts, terms),
      odd: terms.filter((term) => term.found.length === 0).map(({ text, at, slip }) => ({ text, at, slip })),
    };
  };
};

/** Values with others over them: sections key by key, what is no section as a whole. */
const valuesOver = (below: HostValues, above: HostValues): HostValues => ({
  ...below,
  ...above,
  ...((below.ssh || above.ssh) && { ssh: { ...below.ssh, ...above.ssh } }),
  ...((below.versions || above.versions) && { versions: { ...below.versions, ...above.versions } }),
  ...((below.variables || above.variables) && {
    variables: variablesOver(below.variables ?? {}, above.variables ?? {}),
  }),
});

const variablesOver = (below: VariablesFile, above: VariablesFile): VariablesFile => ({
  ...below,
  ...above,
  ...((below.sysctl || above.sysctl) && { sysctl: { ...below.sysctl, ...above.sysctl } }),
  ...((below.environment || above.environment) && {
    environment: { ...below.environment, ...above.environment },
  }),
});

/** The values of a host's groups in the order of the file, with its own over them. */
export const hostOver = <Host extends HostValues>(groups: readonly HostValues[], host: Host): Host =>
  groups.length === 0 ? host : { ...host, ...[...groups, valuesOf(host)].reduce(valuesOver, {}) };

/** What of a host, or of what else may set values, are such. */
export const valuesOf = ({ os, ssh, versions, variables, checks }: HostValues): HostValues => ({
  ...(os !== undefined && { os }),
  ...(ssh && { ssh }),
  ...(versions && { versions }),
  ...(variables && { variables }),
  ...(checks !== undefined && { checks }),
});
