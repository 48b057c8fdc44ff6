import { helpers } from './helpers.ts';
import { refuseMarks } from './secret-marks.ts';

const BUILT_IN = ['if', 'unless', 'each', 'with'];

/** All helpers that a template may name. */
export const HELPER_NAMES: readonly string[] = [...BUILT_IN, ...Object.keys(helpers)];

/** Strict, nothing is escaped as HTML, and no helpers but those that are known. */
export const compileOptions = {
  strict: true,
  noEscape: true,
  knownHelpers: Object.fromEntries(HELPER_NAMES.map((name) => [name, true])),
  knownHelpersOnly: true,
};

/** Parses a template. Throws what Handlebars' parser throws, or a TemplateProblem. */
export const parseTemplate = (handlebars: typeof Handlebars, text: string, file: string): hbs.AST.Program => {
  refuseMarks(text);
  return handlebars.parse(text, { srcName: file });
};

/** Line of the first use of each variable. */
export const linesOf = (
  handlebars: typeof Handlebars,
  program: hbs.AST.Program,
): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>();
  class Search extends handlebars.Visitor {
    override PathExpression(path: hbs.AST.PathExpression): void {
      for (const part of path.parts) if (!lines.has(part)) lines.set(part, path.loc.start.line);
    }
  }
  new Search().accept(program);
  return lines;
};
