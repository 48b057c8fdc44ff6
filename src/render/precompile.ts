import handlebars from 'handlebars';
import { sha256 } from '../core/sha256.ts';
import { compileOptions, linesOf, parseTemplate } from './compile.ts';

/** Source of a module like shipped-templates.ts that holds these templates. The build calls it; fcops never does. */
export const precompiledModule = (templates: readonly { readonly file: string; readonly text: string }[]) => {
  const entries = templates.map(({ file, text }) => {
    const program = parseTemplate(handlebars, text, file);
    const lines = JSON.stringify([...linesOf(handlebars, program)]);
    const spec = handlebars.precompile(program, compileOptions);
    return `['${sha256(text)}', { lines: new Map(${lines}), spec: ${spec} }]`;
  });
  return `export const shippedTemplates = new Map([\n${entries.join(',\n')}\n]);\n`;
};
