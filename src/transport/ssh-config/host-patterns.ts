/** A host pattern of OpenSSH (ssh_config(5), PATTERNS): `*` and `?` are wildcards, a leading `!` excludes. */
export interface HostPattern {
  readonly excludes: boolean;
  readonly matches: (name: string) => boolean;
}

/** Patterns from their texts, in lower case: SSH compares host names so. */
export const parsePatterns = (texts: readonly string[]): readonly HostPattern[] =>
  texts
    .filter((text) => text !== '')
    .map((text) => {
      const excludes = text.startsWith('!');
      const pattern = (excludes ? text.slice(1) : text).toLowerCase();
      return { excludes, matches: matcher(pattern) };
    });

/** Whether any of the names fits a pattern and none is excluded by one. */
export const matchesPatterns = (patterns: readonly HostPattern[], names: readonly string[]): boolean => {
  const hit = (excludes: boolean) =>
    patterns.some((pattern) => pattern.excludes === excludes && names.some(pattern.matches));
  return hit(false) && !hit(true);
};

const matcher = (pattern: string): ((name: string) => boolean) => {
  if (!/[*?]/.test(pattern)) return (name) => name === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => expression.test(name);
};
