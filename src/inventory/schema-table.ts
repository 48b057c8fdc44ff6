import { inventoryJsonSchema, isSecretSchema, type JsonSchema, profileJsonSchema } from './schema.ts';

interface Row {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

const typeName = (schema: JsonSchema): string => {
  const { type, enum: values, items, additionalProperties: rest, anyOf } = schema;
  if (anyOf) return anyOf.map(typeName).join(' or ');
  if (values) return values.map((value) => `\`${String(value)}\``).join(' ');
  if (isSecretSchema(schema)) return 'secret: `age`, `env`, `file` or `exec`';
  const types = typeof type === 'string' ? [type] : (type ?? []);
  // A number in its place is text all the same (number-texts.ts).
  const told = types.includes('string') ? types.filter((name) => name !== 'number') : types;
  const names = told.map((name) => {
    if (name === 'array') return items ? `list of ${typeName(items)}` : 'list';
    if (name === 'object') return typeof rest === 'object' ? `mapping to ${typeName(rest)}` : 'mapping';
    return { string: 'text', integer: 'whole number', boolean: 'true or false' }[name] ?? name;
  });
  return names.join(' or ');
};

/** Keys of whose parts some may stand at the cluster as well. */
const OF_HOSTS: ReadonlySet<string> = new Set(['hosts', 'groups']);

/** Where the keys below a key are, and how they are called in front. */
const belowOf = (key: string, part: JsonSchema): { readonly inner: JsonSchema; readonly prefix: string } => {
  if (part.items) return { inner: part.items, prefix: `${key}[].` };
  const { additionalProperties: named } = part;
  return typeof named === 'object' && named.properties
    ? { inner: named, prefix: `${key}.NAME.` }
    : { inner: part, prefix: `${key}.` };
};

/** Keys of a host or a group are listed under `hosts[]` and `groups.NAME`; those that the cluster has too only at the top. */
const rowsOf = (schema: JsonSchema, prefix: string, skip: ReadonlySet<string>): readonly Row[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const key = `${prefix}${name}`;
    if (skip.has(name) && prefix !== '') return [];
    const below = belowOf(key, part);
    // Facts are written by `fcops facts`, not by hand: their parts are not worth a page of rows.
    const closed = name === 'facts' || isSecretSchema(part);
    return [
      {
        key,
        type: typeName(part),
        required: schema.required?.includes(name) ?? false,
        description: part.description ?? '',
      },
      ...(closed ? [] : rowsOf(below.inner, below.prefix, OF_HOSTS.has(name) ? skip : new Set())),
    ];
  });

/** Keys of a file that a group or a host may set as well as the cluster. */
const shared = (schema: JsonSchema): ReadonlySet<string> => {
  const ofHost = Object.keys(schema.properties?.hosts?.items?.properties ?? {});
  return new Set(ofHost.filter((name) => schema.properties?.[name] !== undefined));
};

/**
 * Markdown table of all keys of an inventory or a profile file, made from the schemas' descriptions, for docs/.
 */
export const schemaTable = (of: 'inventory' | 'profile'): string => {
  const schema = of === 'inventory' ? inventoryJsonSchema() : profileJsonSchema();
  const overridable = shared(schema);
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const lines = rowsOf(schema, '', overridable).map(({ key, type, required, description }) => {
    const alsoHost = overridable.has(key) ? ' A group or a host may set its own.' : '';
    return `| \`${key}\`${required ? ' *' : ''} | ${cell(type)} | ${cell(description)}${alsoHost} |`;
  });
  return ['| key (* required) | value | what it means |', '| --- | --- | --- |', ...lines, ''].join('\n');
};
