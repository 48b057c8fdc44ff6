import * as z from 'zod';
import { jsonText } from '../core/invisible.ts';
import { profileSchema } from '../core/profile.ts';
import { onDemand } from '../core/remember.ts';
import { clusterFileSchema } from './inventory-file.ts';

/** The part of JSON Schema that our schemas come out as. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  /** Values as a person may write them: advice shows the first. */
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

const jsonSchemaSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    $schema: z.string().exactOptional(),
    title: z.string().exactOptional(),
    description: z.string().exactOptional(),
    type: z.union([z.string(), z.array(z.string())]).exactOptional(),
    enum: z.array(z.unknown()).exactOptional(),
    examples: z.array(z.unknown()).exactOptional(),
    minimum: z.number().exactOptional(),
    maximum: z.number().exactOptional(),
    properties: z.record(z.string(), jsonSchemaSchema).exactOptional(),
    required: z.array(z.string()).exactOptional(),
    propertyNames: jsonSchemaSchema.exactOptional(),
    additionalProperties: z.union([z.boolean(), jsonSchemaSchema]).exactOptional(),
    items: jsonSchemaSchema.exactOptional(),
    anyOf: z.array(jsonSchemaSchema).exactOptional(),
  }),
);

/** JSON Schema (2020-12) of what a person may write for a zod schema. */
export const toJsonSchema = (schema: z.ZodType, title: string): JsonSchema =>
  jsonSchemaSchema.parse({ title, ...z.toJSONSchema(schema, { io: 'input' }) });

/** JSON Schema of `inventories/<miner>.yaml`, for editors (`fcops schema`). */
export const inventoryJsonSchema = onDemand(() => toJsonSchema(clusterFileSchema, 'fcops inventory file'));

/** The same as a file that lies beside the cluster files. */
export const inventorySchemaText = (): string => `${jsonText(inventoryJsonSchema(), 2)}\n`;

/** JSON Schema of `profiles/<name>.yaml`. */
export const profileJsonSchema = onDemand(() => toJsonSchema(profileSchema, 'fcops profile'));

/** The part of a schema that a path leads to. */
export const schemaAt = (schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined =>
  path.reduce<JsonSchema | undefined>((part, key) => {
    if (typeof key === 'number') return part?.items;
    const rest = part?.additionalProperties;
    const known =
      part?.properties && Object.hasOwn(part.properties, key) ? part.properties[String(key)] : undefined;
    return known ?? (typeof rest === 'object' ? rest : undefined);
  }, schema);

/** The keys that a mapping may have, where they are known. */
export const keysOf = (schema: JsonSchema | undefined): readonly string[] =>
  schema?.properties ? Object.keys(schema.properties) : (schema?.propertyNames?.enum ?? []).map(String);

/** A secret is a mapping of one of `age`, `env`, `file`, `exec`: the place where it is kept. */
export const isSecretSchema = ({ properties }: JsonSchema): boolean =>
  properties?.env !== undefined && properties.file !== undefined;
