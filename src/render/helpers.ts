import { quote } from '../core/shell.ts';
import { SealedSecret } from './guarded-values.ts';
import { markedSecret } from './secret-marks.ts';
import { TemplateProblem } from './template-problem.ts';

/** What Handlebars gives a helper after its parameters. */
interface Call {
  readonly loc: { readonly start: { readonly line: number } };
}

const misuse = ({ loc }: Call, message: string): TemplateProblem =>
  new TemplateProblem({ line: loc.start.line }, message);

const text = (helper: string, value: unknown, call: Call): string => {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw misuse(call, `{{${helper}}} takes a text or a number`);
};

/** The helpers that a template may use besides Handlebars' own `if`, `unless`, `each` and `with`. */
export const helpers = {
  /** One shell word: `{{sh address}}`. Of a value that is a secret in some clusters only, what `secret` gives. */
  sh: (value: unknown, call: Call): string =>
    value instanceof SealedSecret ? markedSecret(value.secret.name) : quote(text('sh', value, call)),

  /** The items with commas between, as CPU lists are written, in their order: `{{list task.cpus}}`. */
  list: (values: unknown, call: Call): string => {
    if (!Array.isArray(values)) throw misuse(call, '{{list}} takes a list');
    return [...values].map((value) => text('list', value, call)).join(',');
  },

  /**
   * What the inventory sets for a variable, else the handbook's value, as one shell word:
   * `export RUST_LOG={{setting environment 'RUST_LOG' 'info'}}`. For lines that come after the profile, which would
   * otherwise undo what it says.
   */
  setting: (settings: unknown, name: unknown, standard: unknown, call: Call): string => {
    if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
      throw misuse(call, '{{setting}} takes a record of settings, a name and a value');
    const key = text('setting', name, call);
    const own: unknown = Object.hasOwn(settings, key) ? Reflect.get(settings, key) : standard;
    return quote(text('setting', own, call));
  },

  /** A secret as one shell word: `{{secret token}}`. Nothing else prints a secret; its value comes in later. */
  secret: (value: unknown, call: Call): string => {
    if (!(value instanceof SealedSecret)) throw misuse(call, '{{secret}} takes a secret');
    return markedSecret(value.secret.name);
  },
};
