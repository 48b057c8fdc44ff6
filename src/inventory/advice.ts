import { stringify } from 'yaml';
import { closest } from '../core/suggest.ts';
import { isSecretSchema, type JsonSchema, keysOf } from './schema.ts';
import { nearTimeZone } from './time-zone.ts';
import type { Path } from './yaml-file.ts';

/** What to type, for a value of an inventory or profile that is missing or wrong. */

/** A secret is named, never written down. */
export const NAME_A_SECRET =
  'write { age: NAME }, { env: NAME } or { file: PATH }: where the secret is kept, not the secret';

/** Text as it stands in a file: in quotes where YAML would take it for a number or the like. */
const asYaml = (text: string): string => stringify(text, { lineWidth: 0 }).trim();

/** A value as it would stand in the file. */
const exampleOf = (part: JsonSchema | undefined): string | undefined => {
  if (!part) return undefined;
  if (isSecretSchema(part)) return '{ env: NAME }';
  const [example] = part.examples ?? part.enum ?? [];
  if (Array.isArray(example)) return `[${example.join(', ')}]`;
  if (example !== undefined) return typeof example === 'string' ? asYaml(example) : String(example);
  const { required = [], properties = {} } = part;
  const inner = required.map((key) => [key, exampleOf(properties[key])] as const);
  if (inner.length > 0 && inner.every(([, value]) => value !== undefined))
    return `{ ${inner.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  const item = exampleOf(part.items);
  return item === undefined ? undefined : `[${item}]`;
};

/** `write a number from 1 to 65535, for example 22`; the meaning of the key where nothing better is known. */
export const adviseValue = (part: JsonSchema | undefined): string | undefined => {
  if (!part) return undefined;
  if (isSecretSchema(part)) return NAME_A_SECRET;
  const example = exampleOf(part);
  if (part.enum) return choices(part.enum.map(String));
  const { minimum, maximum } = part;
  if (part.type === 'integer' && maximum !== undefined && maximum < 1e6)
    return `write a number from ${minimum ?? 0} to ${maximum}${example === undefined ? '' : `, for example ${example}`}`;
  if (example !== undefined && part.type !== 'object') return `for example: ${example}`;
  const keys = keysOf(part);
  if (keys.length > 0) return `write its keys on the lines below it: ${keys.join(', ')}`;
  if (part.type === 'integer') return `write a whole number, without quotes: ${part.description ?? ''}`;
  return part.description;
};

/** ``add `address: 192.168.10.50` `` and what the key means. */
export const adviseMissing = (key: PropertyKey | undefined, part: JsonSchema | undefined) => {
  const example = exampleOf(part);
  if (key === undefined || typeof key === 'number') return part?.description;
  if (!part || example === undefined)
    return part?.description === undefined ? undefined : `add \`${String(key)}\`: ${part.description}`;
  const meaning = part.description === undefined ? '' : ` (${part.description.replace(/\.$/, '')})`;
  return `add \`${String(key)}: ${example}\`${meaning}`;
};

/** For an empty value: what belongs there, or that the line can go. */
export const adviseEmpty = (part: JsonSchema | undefined, required: boolean): string | undefined => {
  const advice = adviseValue(part);
  if (required || advice === undefined) return advice;
  return `${advice}; or remove the line`;
};

const choices = (values: readonly string[]): string => `one of: ${values.join(', ')}`;

/** The one that was probably meant, and all that there are. */
export const adviseChoice = (word: string, values: readonly string[]): string => {
  const near = closest(word, values);
  return near === undefined ? choices(values) : `did you mean "${near}"? ${choices(values)}`;
};

/** Values that a person may have meant, by key: each is offered only if the schema takes it. */
const REPAIRS: Readonly<Record<string, (written: string) => readonly (string | undefined)[]>> = {
  miner: (text) => [text.toLowerCase(), `f${text}`, `f0${text}`, text.replace(/^\D+/, 'f0')],
  address: (text) => [/\d+(?:\.\d+){3}/.exec(text)?.[0]],
  'api.address': (text) => {
    const [, host, port] = /(\d+(?:\.\d+){3})(?::|\/tcp\/)(\d+)/.exec(text) ?? [];
    return [`/ip4/${host}/tcp/${port}/http`];
  },
  'artifacts.url': (text) => [`http://${text.replace(/^\/+/, '')}`],
  'variables.timezone': (text) => [nearTimeZone(text)],
  'variables.minKernel': (text) => [/\d+(?:\.\d+)+/.exec(text)?.[0]],
};

/** The key by which a path has its repairs: the same for the cluster's, a group's and a host's own. */
const keyOf = (path: Path): string => {
  const isInside = path.length > 2 && (path[0] === 'hosts' || path[0] === 'groups');
  return (isInside ? path.slice(2) : path)
    .filter((key) => typeof key !== 'number')
    .map(String)
    .join('.');
};

const isNumberText = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text.trim());

/**
 * What to write in place of a wrong plain value, such that the file is right there afterwards: `accepts` asks
 * the schema. Undefined where nothing that could be meant comes to mind.
 */
export const repair = (
  path: Path,
  written: string,
  isText: boolean,
  accepts: (candidate: unknown) => boolean,
): string | undefined => {
  const text = written.trim();
  if (!isText && accepts(text)) return `quote it: "${text}"`;
  if (isText && isNumberText(text) && accepts(Number(text))) return `write ${Number(text)} without quotes`;
  const found = REPAIRS[keyOf(path)]?.(text).find(
    (candidate) => candidate !== undefined && accepts(candidate),
  );
  if (found !== undefined && keyOf(path) === 'artifacts.url') return `put http:// before it: ${found}`;
  if (found !== undefined && keyOf(path) === 'variables.timezone') return `did you mean "${found}"?`;
  if (found !== undefined) return `write ${asYaml(found)}`;
  return text !== written && accepts(text) ? `write it without blanks around it: ${asYaml(text)}` : undefined;
};

const PLACEHOLDER = /…|\.\.\.|[<>]|^x+$/i;

/** Advice for values that must not be shown. */
export const adviseSecret = (path: Path, value: unknown): string | undefined => {
  if (path.at(-1) === 'env')
    return 'write the NAME of a variable, for example F0494733_TOKEN; the secret itself goes into the variable';
  if (path.at(-1) === 'url' && typeof value === 'string' && value.includes('@'))
    return 'take out what stands between "//" and "@"; then: user: NAME, password: { env: NAME }';
  return undefined;
};

/** Checksums come from one command. */
export const adviseChecksum = (path: Path, written: string): string | undefined => {
  if (path.at(-2) !== 'sha256') return undefined;
  const placeholder = PLACEHOLDER.test(written) ? 'this only stands for the real one: ' : '';
  return `${placeholder}\`sha256sum ${String(path.at(-1))}\` prints it, on the download server`;
};
