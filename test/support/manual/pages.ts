import type { Examples, Meanings } from '../../../src/cli/help.ts';
import { ENVIRONMENT, EXIT_CODES, FILES_HERE, FILES_THERE } from '../../../src/cli/help.ts';
import { schemaTable } from '../../../src/inventory/schema-table.ts';
import { planComment } from '../plan-comment.ts';
import type { Described } from './commands.ts';
import { describedProgram } from './commands.ts';

const comment = await planComment();

/** The pages of docs/ by their names, as Markdown. */
export const docsPages = (): ReadonlyMap<string, string> => {
  const { commands, about } = describedProgram();
  const pages = new Map<string, string>();
  for (const name of new Set(commands.map(({ path }) => path.replace(/ .*/, ''))))
    pages.set(
      `${name}.md`,
      commandPage(
        name,
        commands.filter(({ path }) => path === name || path.startsWith(`${name} `)),
      ),
    );
  const others: readonly (readonly [file: string, title: string, text: string])[] = [
    ['inventory-file.md', 'The inventory file', schemaTable('inventory').trim()],
    ['profile-file.md', 'The profile of a hardware model', schemaTable('profile').trim()],
    ['exit-codes.md', 'Exit codes', table('code', 'meaning', EXIT_CODES)],
    [
      'files.md',
      'Files',
      `On the machine where fcops is called:\n\n${table('file', 'what it is', FILES_HERE)}\n\n` +
        `On hosts, besides what a plan shows:\n\n${table('file', 'what it is', FILES_THERE)}`,
    ],
    ['environment.md', 'Environment variables', table('variable', 'meaning', ENVIRONMENT)],
    [
      'plan-comment-example.md',
      'A plan as the comment of a pull request',
      `What \`fcops plan all --miner f0494733 --base origin/main --output markdown\` prints of a change of 200 hosts: another
time server for all of them, another version on 24, a line of a template, one host more and one less. It needs no host
and no secret, and is cut at 65,000 characters, of 65,536 that GitHub takes.

---

${comment.trim()}`,
    ],
  ];
  for (const [file, title, text] of others) pages.set(file, page(title, text));
  const index = commands.map(({ path, does }) => {
    const [name = '', below] = path.split(' ');
    return `| [\`fcops ${path}\`](${name}.md${below === undefined ? '' : `#fcops-${name}-${below}`}) | ${cell(does)} |`;
  });
  pages.set(
    'README.md',
    page(
      'fcops, page by page',
      [
        `${about} What it is for and how to begin stands in the [README](../README.md), and its [guide](../README.md#guide) goes through it by subject.`,
        `| command | what it does |\n| --- | --- |\n${index.join('\n')}`,
        [...others.map(([file, title]) => [file, title]), ['ci/README.md', 'Recipes for CI']]
          .map(([file, title]) => `- [${title}](${file})`)
          .join('\n'),
      ].join('\n\n'),
    ),
  );
  return pages;
};

const MADE = '<!-- made by `npm run docs` -->';

const page = (title: string, text: string): string => `${MADE}\n# ${title}\n\n${text}\n`;

const commandPage = (name: string, commands: readonly Described[]): string => {
  const title = `fcops ${name}`;
  const [first] = commands;
  if (first && first.path === name) return page(title, commandText(first));
  return page(title, commands.map((one) => `## fcops ${one.path}\n\n${commandText(one)}`).join('\n\n'));
};

const commandText = ({ does, usage, arguments: words, options, global, examples }: Described): string =>
  [
    escaped(does),
    `\`\`\`text\n${usage}\n\`\`\``,
    ...(words.length > 0 ? [table('argument', 'meaning', words)] : []),
    ...(options.length > 0 ? [table('option', 'meaning', options)] : []),
    `Options that other commands have too:`,
    table('option', 'meaning', global),
    examplesText(examples),
  ].join('\n\n');

const examplesText = (examples: Examples): string =>
  `\`\`\`console\n${examples.map(([command, meaning]) => `# ${meaning}\n$ ${command}`).join('\n')}\n\`\`\``;

const table = (name: string, meaning: string, rows: Meanings): string =>
  [
    `| ${name} | ${meaning} |`,
    '| --- | --- |',
    ...rows.map(
      ([term, text]) => `| ${/^[a-z]+ [a-z ]+$/.test(term) ? term : `\`${term}\``} | ${cell(text)} |`,
    ),
  ].join('\n');

const cell = (text: string): string => escaped(text).replaceAll('|', '\\|');

/** Text in which Markdown would see HTML or stars; what stands between backquotes stays. */
const escaped = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[<*_]/g, '\\$&')))
    .join('');
