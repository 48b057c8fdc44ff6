import type { Content } from '../core/content.ts';
import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { sha256 } from '../core/sha256.ts';
import { didYouMean } from '../core/suggest.ts';
import { compileOptions, linesOf, parseTemplate } from './compile.ts';
import type { TemplateValues } from './guarded-values.ts';
import { guardValues } from './guarded-values.ts';
import { helpers } from './helpers.ts';
import type { Template } from './load.ts';
import { placed } from './placed.ts';
import type { PrecompiledTemplates } from './precompiled.ts';
import { unmarked } from './secret-marks.ts';

/**
 * Fills in the template of this name. Secrets stand in what it gives by their names. Throws an FcopsError that says
 * what is missing, in which file and line.
 */
export type Render = (name: string, values: TemplateValues) => Content;

/**
 * A renderer for these templates (see `loadTemplates`). Nothing is escaped as HTML; a template is compiled
 * once, when it is first used, and serves every host. Templates under `partials/` can be included by the
 * others: `{{> partials/worker_pids.sh}}`. Handlebars is loaded here, so that commands that render nothing start
 * without it; its compiler is loaded only where a template is not a shipped one (`given`: in the place of these).
 */
export const createRenderer = async (
  templates: ReadonlyMap<string, Template>,
  given?: PrecompiledTemplates,
): Promise<Render> => {
  const shipped = given ?? (await import('./shipped-templates.ts')).shippedTemplates;
  const precompiled = new Map(
    [...templates.values()].map((template) => [template, shipped.get(sha256(template.text))]),
  );
  const isAllReady = [...precompiled.values()].every((one) => one !== undefined);
  const { default: handlebars } = await (isAllReady ? import('handlebars/runtime') : import('handlebars'));
  const engine = handlebars.create();
  engine.registerHelper(helpers);

  const compile = (template: Template): Handlebars.TemplateDelegate => {
    const { file, text } = template;
    try {
      const ready = precompiled.get(template);
      if (ready) return guarded(engine.template(ready.spec), file, () => ready.lines);
      const program = parseTemplate(handlebars, text, file);
      return guarded(engine.compile(program, compileOptions), file, () => linesOf(handlebars, program));
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

/** A template whose errors say where they are. */
const guarded =
  (
    fill: Handlebars.TemplateDelegate,
    file: string,
    lines: () => ReadonlyMap<string, number>,
  ): Handlebars.TemplateDelegate =>
  (values, options) => {
    try {
      return fill(values, options);
    } catch (error) {
      throw placed(error, file, (variable) => lines().get(variable));
    }
  };
