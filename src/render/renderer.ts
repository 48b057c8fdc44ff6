import type { Content } from '../core/content.ts';
import { edit } from '../core/next.ts';
import { FcopsError, messageOf } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import type { TemplateValues } from './guarded-values.ts';
import { guardValues } from './guarded-values.ts';
import { helpers } from './helpers.ts';
import type { Template } from './load.ts';
import { refuseMarks, unmarked } from './secret-marks.ts';
import { TemplateProblem } from './template-problem.ts';

/**
 * Fills in the template of this name. Secrets stand in what it gives by their names. Throws an FcopsError that says
 * what is missing, in which file and line.
 */
export type Render = (name: string, values: TemplateValues) => Content;

const BUILT_IN = ['if', 'unless', 'each', 'with'];

/**
 * A renderer for these templates (see `loadTemplates`). Nothing is escaped as HTML; a template is compiled
 * once, when it is first used, and serves every host. Templates under `partials/` can be included by the
 * others: `{{> partials/worker_pids.sh}}`. Handlebars itself is loaded here, so that commands that render
 * nothing start without it.
 */
export const createRenderer = async (templates: ReadonlyMap<string, Template>): Promise<Render> => {
  const { default: handlebars } = await import('handlebars');
  const engine = handlebars.create();
  engine.registerHelper(helpers);
  const knownHelpers = Object.fromEntries([...BUILT_IN, ...Object.keys(helpers)].map((name) => [name, true]));

  /** Line of the first use of a variable. */
  const lineOf = (program: hbs.AST.Program, variable: string): number | undefined => {
    let line: number | undefined;
    class Search extends handlebars.Visitor {
      override PathExpression(path: hbs.AST.PathExpression): void {
        if (path.parts.includes(variable)) line ??= path.loc.start.line;
      }
    }
    new Search().accept(program);
    return line;
  };

  const compile = ({ file, text }: Template): Handlebars.TemplateDelegate => {
    try {
      refuseMarks(text);
      const program = engine.parse(text, { srcName: file });
      const fill = engine.compile(program, {
        strict: true,
        noEscape: true,
        knownHelpers,
        knownHelpersOnly: true,
      });
      return (values, options) => {
        try {
          return fill(values, options);
        } catch (error) {
          throw placed(error, file, (variable) => lineOf(program, variable));
        }
      };
    } catch (error) {
      throw placed(error, file, () => undefined);
    }
  };

  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  const filler = (name: string): Handlebars.TemplateDelegate => {
    const known = compiled.get(name);
    if (known) return known;
    const template = templates.get(name);
    if (!template) {
      throw new FcopsError({
        kind: 'template',
        what: `there is no template "${name}"`,
        next: [edit(didYouMean(name, templates.keys()))],
      });
    }
    const fill = compile(template);
    compiled.set(name, fill);
    return fill;
  };
  for (const name of templates.keys()) {
    if (name.startsWith('partials/')) {
      engine.registerPartial(name, (values, options) => filler(name)(values, options));
    }
  }
  return (name, values) => unmarked(filler(name)(guardValues(values)));
};

/** The error with its file and, where it is known, its line. An FcopsError has both already. */
const placed = (
  error: unknown,
  file: string,
  lineOf: (variable: string) => number | undefined,
): FcopsError => {
  if (error instanceof FcopsError) return error;
  if (!(error instanceof TemplateProblem)) {
    const why = messageOf(error);
    return new FcopsError(
      { kind: 'template', what: 'the template cannot be used', where: { file, ...lineIn(error, why) }, why },
      { cause: error },
    );
  }
  const { at, message, next } = error;
  const line = 'line' in at ? at.line : lineOf(at.variable);
  const where = line === undefined ? { file } : { file, line };
  return new FcopsError(
    { kind: 'template', what: message, where, ...(next !== undefined && { next: [edit(next)] }) },
    { cause: error },
  );
};

/** Handlebars gives the line as a property of its own exceptions, or in the message of its parser's. */
const lineIn = (error: unknown, message: string): { line?: number } => {
  if (error instanceof Error && 'lineNumber' in error && typeof error.lineNumber === 'number') {
    return { line: error.lineNumber };
  }
  const line = /Parse error on line (\d+)/.exec(message)?.[1];
  return line === undefined ? {} : { line: Number(line) };
};
