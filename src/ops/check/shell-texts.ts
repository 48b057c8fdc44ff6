import { groupBy } from '../../core/group-by.ts';
import type { FoundHost } from './finding.ts';
import type { RenderedHosts, RenderedText } from './rendered.ts';

/** A text for a shell, and where it would stand. */
export interface ShellText {
  readonly text: string;
  /** Name of the template that it is from; undefined where it is from none alone. */
  readonly template: string | undefined;
  /** Paths on hosts, in their order: those of the hosts' numbered processes differ. */
  readonly paths: readonly string[];
  readonly hosts: readonly FoundHost[];
}

/** Whether a shell reads a file: one that runs it, or a profile. */
export const isShell = ({ path, text }: Pick<RenderedText, 'path' | 'text'>): boolean => {
  const [first = ''] = text.split('\n');
  if (first.startsWith('#!')) return /^#!\s*\S*\/(env\s+)?(ba|da|k)?sh(\s|$)/.test(first);
  return /\.sh$|(^|\/)profile$/.test(path) || DIRECTIVE.test(text);
};

/** What says which shell a text is for. */
const DIRECTIVE = /^#\s*shellcheck\s+shell=/m;

/** Whether a text says itself which shell it is for; bash reads the others. */
export const saysItsShell = (text: string): boolean => text.startsWith('#!') || DIRECTIVE.test(text);

/**
 * The shell of all hosts, each once: what is alike but for its numbers (of a task, of cores, of an address) is checked in
 * the first of them.
 */
export const shellTexts = (rendered: readonly RenderedHosts[]): readonly ShellText[] => {
  const all = rendered.flatMap(({ hosts, files }) =>
    files.filter(isShell).map((file) => ({ ...file, hosts })),
  );
  return [...groupBy(all, ({ template, text }) => `${template}\n${withoutNumbers(text)}`).values()].flatMap(
    (alike) => {
      const [first] = alike;
      if (!first) return [];
      const { text, template } = first;
      return [
        {
          ...{ text, template },
          paths: [...new Set(alike.map(({ path }) => path))],
          hosts: [...new Set(alike.map(({ hosts }) => hosts))].flat(),
        },
      ];
    },
  );
};

/** `CPU_LIST=#` of `CPU_LIST=8,9,40` */
const withoutNumbers = (text: string): string => text.replace(/\d+([,.:-]\d+)*/g, '#');
