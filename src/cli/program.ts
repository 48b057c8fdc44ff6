import { Command, CommanderError } from 'commander';
import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { namesFailed } from '../inventory/host-pattern.ts';
import { wantsColour } from './colour.ts';
import { completions } from './completion.ts';
import type { Context, GlobalOptions } from './context.ts';
import { startContext } from './context.ts';
import type { About, Declare, DeclareGroup } from './declared/declare.ts';
import { declareCommands } from './declared-commands.ts';
import { EXIT } from './exit.ts';
import { showFailure } from './failure.ts';
import type { CommandPath } from './help.ts';
import { EXAMPLES, examplesText, OVERVIEW } from './help.ts';
import { globalOptions } from './options.ts';
import type { Format } from './output.ts';
import { COMMON_FORMATS } from './output.ts';
import { painter } from './text/paint.ts';
import { tellTypedFullWidth } from './typed-full-width.ts';
import { commandAt, elsewhere, type KnownCommand, refuseVersion, usageProblem } from './usage.ts';
import type { World } from './world.ts';

/**
 * Reads the command line, runs the command and gives the exit code. Every command's module is loaded when it
 * is called: what one command needs costs the others nothing.
 */
export const runCli = async (argv: readonly string[], world: World): Promise<number> => {
  if (argv.length === 0) {
    world.stdout.write(OVERVIEW);
    return EXIT.done;
  }
  let exitCode: number = EXIT.done;
  const program = buildProgram(world, async (about, words, options) => {
    const given = about.takesCommand ? withDashes(words, argv) : words;
    exitCode = await carryOut(about, given, options, world, truly);
  });
  const truly = (error: unknown): unknown => tellTypedFullWidth(error, argv, withValues(program));
  const refuse = (problem: FcopsError): number => {
    // The options may not have been read yet: what was wrong may stand before them.
    const output = argv.join(' ').match(/--output[= ]json\b/) ? 'json' : 'text';
    showFailure(truly(problem), startContext(world, { ...program.opts<GlobalOptions>(), output }));
    return EXIT.failed;
  };
  try {
    if (argv[0] === '__complete') {
      const { foundHere } = await import('./found.ts');
      for (const word of completions(program, argv.slice(1), foundHere(world)))
        world.stdout.write(`${word}\n`);
      return EXIT.done;
    }
    refuseVersion(argv);
    const at = commandAt(argv);
    if (argv[at] === 'help') helpOn(program, argv.slice(at + 1)).outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof FcopsError) return refuse(error);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    // A command that only has others below it: its help has been shown.
    if (error.code === 'commander.help') return EXIT.failed;
    const known = program.commands.flatMap((command) => [
      knownCommand(command, command.name()),
      ...command.commands.map((below) => knownCommand(below, `${command.name()} ${below.name()}`)),
    ]);
    return refuse(usageProblem(error, argv, known));
  }
};

/** The options that want a value, by all their names. */
const withValues = (program: Command): ReadonlySet<string> =>
  new Set(
    [program, ...program.commands.flatMap((command) => [command, ...command.commands])].flatMap(
      ({ options }) =>
        options.flatMap(({ required, short, long }) =>
          required ? [short, long].filter((name) => name !== undefined) : [],
        ),
    ),
  );

const knownCommand = (command: Command, name: string): KnownCommand => ({
  name,
  options: command.options.flatMap(({ long }) => long ?? []),
  words: new Map(
    command.registeredArguments.map((word) => [
      word.name(),
      word.argChoices === undefined ? word.description : word.argChoices.join(', '),
    ]),
  ),
});

/** The words with the `--` that parted them: what stands after it is no word of fcops. */
const withDashes = (words: readonly string[], argv: readonly string[]): readonly string[] => {
  const at = argv.indexOf('--');
  if (at < 0) return words;
  const after = argv.slice(at + 1);
  return [...words.slice(0, words.length - after.length), '--', ...after];
};

/** The command that `fcops help` names: commander itself shows all there is for a name that it does not know. */
const helpOn = (program: Command, words: readonly string[]): Command =>
  words
    .filter((word) => word !== 'help' && !word.startsWith('-'))
    .reduce((parent, word) => {
      const found = parent.commands.find((command) => command.name() === word);
      if (found) return found;
      throw new FcopsError({
        kind: 'usage',
        what: `there is no command "${[...namesAbove(parent), word].join(' ')}"`,
        next: [
          edit(
            elsewhere(word) ??
              didYouMean(
                word,
                parent.commands.map((command) => command.name()),
              ),
          ),
        ],
      });
    }, program);

const namesAbove = (command: Command): string[] =>
  command.parent === null ? [] : [...namesAbove(command.parent), command.name()];

/** An error that nobody caught: told like any other; a live view may have hidden the cursor. */
const crash = (error: unknown, context: Context): void => {
  for (const stream of [context.world.stdout, context.world.stderr])
    if (stream.isTerminal) stream.write('\u001b[?25h');
  showFailure(error, context);
  context.world.exit(EXIT.failed);
};

const noFormat = (asked: Format, formats: readonly Format[]): FcopsError =>
  new FcopsError({
    kind: 'usage',
    what: `--output ${asked}: this command prints ${formats.join(' or ')}`,
    next: [edit(`give --output ${formats.join(' or --output ')}`)],
  });

/** The options with the hosts that `@failed` stands for, where `--limit` has it. */
const optionsWithFailed = async <Options extends object>(
  options: Options,
  context: Context,
): Promise<Options> => {
  const limit = 'limit' in options ? options.limit : undefined;
  if (typeof limit !== 'string' || !namesFailed(limit)) return options;
  const { withFailed } = await import('./failed-limit.ts');
  return { ...options, limit: withFailed(limit, context) };
};

/** The same of words that are patterns; a command for hosts stands behind them. */
const wordsWithFailed = async (
  words: readonly string[],
  arePatterns: boolean,
  context: Context,
): Promise<readonly string[]> => {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  if (!arePatterns || !words.slice(0, end).some(namesFailed)) return words;
  const { withFailed } = await import('./failed-limit.ts');
  return [withFailed(words.slice(0, end).join(','), context), ...words.slice(end)];
};

/**
 * Runs a command whose line has been read, and gives the exit code; what goes wrong has been told then, as what it
 * `truly` is.
 */
const carryOut = async <Options>(
  { load, formats = COMMON_FORMATS, takesPatterns = false }: About<Options>,
  words: readonly string[],
  options: GlobalOptions & Options,
  world: World,
  truly: (error: unknown) => unknown,
): Promise<number> => {
  const context = startContext(world, options);
  const stopWatching = world.onCrash((error) => crash(error, context));
  try {
    if (!formats.includes(options.output)) throw noFormat(options.output, formats);
    return await (await load())(
      context,
      await wordsWithFailed(words, takesPatterns, context),
      await optionsWithFailed(options, context),
    );
  } catch (error) {
    showFailure(truly(error), context);
    return EXIT.failed;
  } finally {
    stopWatching();
  }
};

/** Hears of each command as it is declared, with the names of the global options that mean something to it. */
export type Declares = (command: Command, path: CommandPath, global: readonly string[]) => void;

/** All commands with their words and options; `run` is handed the one that a command line names. */
export const buildProgram = (
  world: Pick<World, 'version' | 'stdout' | 'stderr' | 'env'>,
  run: <Options>(
    about: About<Options>,
    words: readonly string[],
    options: GlobalOptions & Options,
  ) => Promise<void>,
  declares: Declares = () => {},
): Command => {
  const program: Command = new Command('fcops')
    .description('Provisions and runs the machines of a Filecoin storage provider over SSH.')
    .version(world.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .configureOutput({
      writeOut: world.stdout.write,
      writeErr: world.stderr.write,
      getOutHelpWidth: world.stdout.columns,
      getErrHelpWidth: world.stderr.columns,
      getOutHasColors: () =>
        wantsColour(program.opts<GlobalOptions>().color, world.env, world.stdout.isTerminal),
      outputError: () => {},
    })
    .configureHelp({ styleTitle: painter(true).strong, minWidthToWrap: 24 });
  for (const option of globalOptions()) program.addOption(option);

  const command: Declare = (parent, path, about) => {
    const declared = parent
      .command(path.slice(path.lastIndexOf(' ') + 1), { isDefault: about.isDefault === true })
      .description(about.does)
      .helpOption('-h, --help', 'print help');
    for (const argument of about.words ?? []) declared.addArgument(argument);
    if (about.takesCommand) declared.usage(`${declared.usage()} -- <command...>`);
    for (const option of about.options ?? []) declared.addOption(option);
    declared.addHelpText('after', () => examplesText(EXAMPLES[path]));
    declared.addHelpText('after', () => globalOptionsText(program, about.global, world.stdout.columns()));
    declares(declared, path, about.global);
    declared.action(async function (this: Command) {
      await run(about, this.args, this.optsWithGlobals());
    });
  };

  const group: DeclareGroup = (parent, name, { does, examples, global }) =>
    parent
      .command(name)
      .description(does)
      .helpOption('-h, --help', 'print help')
      .helpCommand(false)
      .addHelpText('after', () => examplesText(examples))
      .addHelpText('after', () => globalOptionsText(program, global, world.stdout.columns()));

  declareCommands({ program, command, group });
  program.commandsGroup('Help:').helpCommand('help [command]', 'Print help for a command.');
  return program;
};

/** After the examples: what a command is for comes first. */
const globalOptionsText = (program: Command, names: readonly string[], columns: number): string => {
  const helper = program.createHelp();
  helper.prepareContext({ helpWidth: columns });
  const options = program.options.filter(({ long }) => long && names.includes(long));
  const terms = options.map((option) => helper.optionTerm(option));
  const width = Math.max(...terms.map((term) => term.length));
  const lines = options.map((option, index) =>
    helper.formatItem(terms[index] ?? '', width, helper.optionDescription(option), helper),
  );
  return `\nGlobal Options:\n${lines.join('\n')}`;
};
