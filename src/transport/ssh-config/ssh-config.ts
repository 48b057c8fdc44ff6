import { type HostPattern, matchesPatterns, parsePatterns } from './host-patterns.ts';

/** One setting of an ssh_config file, under the `Host` line that it belongs to. Keywords are in lower case. */
interface Setting {
  readonly hosts: readonly HostPattern[];
  readonly keyword: string;
  readonly values: readonly string[];
}

/** A parsed ssh_config. */
export interface SshConfig {
  readonly settings: readonly Setting[];
  /** What was passed over, one sentence each: `~/.ssh/config:12: …`. */
  readonly notes: readonly string[];
}

export interface ConfigFile {
  readonly file: string;
  readonly text: string;
}

/** The files that an `Include` names; read by the caller, as this module touches no disk. */
export type ReadIncluded = (pattern: string) => readonly ConfigFile[];

const EVERY = parsePatterns(['*']);
const NONE: readonly HostPattern[] = [];

/** No configuration at all. */
export const EMPTY_CONFIG: SshConfig = { settings: [], notes: [] };

/**
 * Reads an ssh_config (ssh_config(5)): `Host` blocks, and `Include` one level deep. `Match` blocks are passed
 * over with a note, but for `Match all`.
 */
export const parseSshConfig = (source: ConfigFile, included: ReadIncluded = () => []): SshConfig => {
  const settings: Setting[] = [];
  const notes: string[] = [];
  let hosts = EVERY;
  source.text.split('\n').forEach((line, index) => {
    const place = `${source.file}:${index + 1}`;
    const [keyword = '', ...values] = tokens(line);
    switch (keyword.toLowerCase()) {
      case '':
        return;
      case 'host':
        hosts = parsePatterns(values);
        return;
      case 'match':
        hosts = values.join(' ').toLowerCase() === 'all' ? EVERY : NONE;
        if (hosts === NONE) notes.push(`${place}: fcops passes over Match blocks`);
        return;
      case 'include': {
        const within = hosts;
        for (const file of values.flatMap(included)) {
          const nested = parseSshConfig(file);
          notes.push(...nested.notes);
          // A file included under a Host line counts only for the hosts of that line.
          if (within === EVERY) settings.push(...nested.settings);
          else if (within !== NONE)
            notes.push(`${place}: fcops reads Include only above the first Host line`);
        }
        return;
      }
      default:
        settings.push({ hosts, keyword: keyword.toLowerCase(), values });
    }
  });
  return { settings, notes };
};

/** The settings that count for a host known by any of these names. */
export interface HostSettings {
  /** The value of a keyword: the first one found, as for ssh. Undefined also where it is `none`. */
  readonly first: (keyword: string) => string | undefined;
  /** All the words of the keyword's first line. */
  readonly words: (keyword: string) => readonly string[] | undefined;
  /** The values of a keyword that adds up, such as IdentityFile. */
  readonly all: (keyword: string) => readonly string[];
}

/** What the configuration says of a host, by its names in lower or upper case. */
export const settingsFor = (config: SshConfig, names: readonly string[]): HostSettings => {
  const lower = names.map((name) => name.toLowerCase());
  const settings = config.settings.filter(({ hosts }) => matchesPatterns(hosts, lower));
  const of = (keyword: string) => settings.filter((setting) => setting.keyword === keyword.toLowerCase());
  const words = (keyword: string) => of(keyword)[0]?.values;
  return {
    words,
    first: (keyword) => {
      const value = words(keyword)?.[0];
      return value?.toLowerCase() === 'none' ? undefined : value;
    },
    all: (keyword) => of(keyword).flatMap(({ values }) => values.slice(0, 1)),
  };
};

/** The words of a line: `Keyword value`, `Keyword=value`, values quoted where they hold blanks; `#` begins a comment. */
const tokens = (line: string): readonly string[] => {
  const trimmed = line.trim().replace(/^([A-Za-z]+)\s*=\s*/, '$1 ');
  if (trimmed.startsWith('#')) return [];
  const words = trimmed.match(/"[^"]*"|[^\s"]+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith('#'));
  return (comment < 0 ? words : words.slice(0, comment)).map((word) => word.replace(/^"(.*)"$/, '$1'));
};
