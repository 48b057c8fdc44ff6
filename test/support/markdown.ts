/** A fenced block of a Markdown text. */
export interface Block {
  /** What stands after the fence: `yaml`, `console`. */
  readonly language: string;
  readonly text: string;
  /** Line of its fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in order. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));

/** What stands between single backquotes outside of fenced blocks. */
export const codeSpans = (markdown: string): readonly string[] => {
  const prose = markdown.replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(({ 1: code = '' }) => code);
};

/** The commands of a shell text, each as its words: comments, prompts and what joins them taken away. */
export const commandsIn = (shell: string): readonly (readonly string[])[] =>
  shell
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const words: string[] = [];
      const commands = [words];
      for (const { 0: token } of line
        .replace(/^\s*\$ /, '')
        .matchAll(/&&|[|;>]|(?:'[^']*'|"[^"]*"|[^\s'"|;&>])+/g)) {
        if (token.startsWith('#')) break;
        if (/^(&&|[|;>])$/.test(token)) commands.push([]);
        else commands.at(-1)?.push(token.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
      }
      return commands.filter((command) => command.length > 0);
    });
