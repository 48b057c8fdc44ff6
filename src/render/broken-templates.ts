import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { compileOptions, parseTemplate } from './compile.ts';
import type { Template } from './load.ts';
import { placed } from './placed.ts';

/**
 * What is wrong with templates whatever they are filled with, each by itself: what cannot be compiled, and what includes
 * a template that is not among `known`.
 */
export const brokenTemplates = async (
  templates: Iterable<Template>,
  known: ReadonlySet<string>,
): Promise<readonly Problem[]> => {
  const { default: handlebars } = await import('handlebars');
  return [...templates].flatMap(({ file, text }): readonly Problem[] => {
    try {
      const program = parseTemplate(handlebars, text, file);
      handlebars.precompile(program, compileOptions);
      return includedBy(handlebars, program)
        .filter(({ name }) => !known.has(name))
        .map(({ name, line }) => ({
          kind: 'template',
          what: `there is no template "${name}" to include`,
          where: { file, line },
          next: [
            edit(
              didYouMean(
                name,
                [...known].filter((one) => one.startsWith('partials/')),
              ),
            ),
          ],
        }));
    } catch (error) {
      return placed(error, file, () => undefined).problems;
    }
  });
};

interface Included {
  readonly name: string;
  readonly line: number;
}

/** What a template includes by name, but for what it defines itself. */
const includedBy = (handlebars: typeof Handlebars, program: hbs.AST.Program): readonly Included[] => {
  const found: Included[] = [];
  const own = new Set<unknown>();
  const include = ({ name, loc }: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement): void => {
    if (name.type === 'PathExpression' && 'original' in name)
      found.push({ name: String(name.original), line: loc.start.line });
  };
  class Search extends handlebars.Visitor {
    override PartialStatement(partial: hbs.AST.PartialStatement): void {
      include(partial);
      super.PartialStatement(partial);
    }
    override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
      include(partial);
      super.PartialBlockStatement(partial);
    }
    override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
      const [name] = decorator.params;
      if (name && 'value' in name) own.add(name.value);
      super.DecoratorBlock(decorator);
    }
  }
  new Search().accept(program);
  return found.filter(({ name }) => !own.has(name) && !name.startsWith('@'));
};
