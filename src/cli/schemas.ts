import type * as z from 'zod';

/** What `fcops schema` prints of one name. */
interface Schema {
  /** The command whose JSON it is about; left out: it is about files. */
  readonly command?: string;
  /** A JSON Schema. */
  readonly load: () => Promise<unknown>;
}

const printed = (command: string, schema: () => Promise<z.ZodType>, title = command): Schema => ({
  command,
  load: async () => {
    const { toJSONSchema } = await import('zod');
    return { title: `${title} --output json`, ...toJSONSchema(await schema()) };
  },
});

/** All schemas by their names, in the order in which they are offered. Each is loaded only where it is asked for. */
export const SCHEMAS = {
  inventory: { load: async () => (await import('../inventory/schema.ts')).inventoryJsonSchema() },
  profile: { load: async () => (await import('../inventory/schema.ts')).profileJsonSchema() },
  'inventory-explain': printed(
    'fcops inventory explain HOST',
    async () => (await import('./views/inventory-explain-document.ts')).explainDocumentSchema,
  ),
  plan: printed('fcops plan', async () => (await import('./views/plan-document.ts')).planDocumentSchema),
  'plan-diff': printed(
    'fcops plan --base REVISION',
    async () => (await import('./views/plan-diff-document.ts')).planDiffDocumentSchema,
  ),
  show: printed('fcops show', async () => (await import('./views/show-document.ts')).savedPlanDocumentSchema),
  status: printed(
    'fcops status',
    async () => (await import('./views/status-document.ts')).statusDocumentSchema,
  ),
  verify: printed(
    'fcops verify',
    async () => (await import('./views/verify-document.ts')).verifyDocumentSchema,
  ),
  doctor: printed(
    'fcops doctor',
    async () => (await import('./views/doctor-document.ts')).doctorDocumentSchema,
  ),
  preflight: printed(
    'fcops preflight',
    async () => (await import('./views/preflight-document.ts')).preflightDocumentSchema,
  ),
  check: printed('fcops check', async () => (await import('./views/check-document.ts')).checkDocumentSchema),
  jobs: printed('fcops jobs', async () => (await import('./views/jobs-document.ts')).jobsDocumentSchema),
  workers: printed(
    'fcops workers',
    async () => (await import('./views/workers-document.ts')).workersDocumentSchema,
  ),
  'jobs-abort': printed(
    'fcops jobs abort',
    async () => (await import('./views/jobs-abort-document.ts')).jobsAbortDocumentSchema,
  ),
  sectors: printed(
    'fcops sectors',
    async () => (await import('./views/sectors-document.ts')).sectorsDocumentSchema,
  ),
  'sectors-change': printed(
    'fcops sectors retry',
    async () => (await import('./views/sectors-change-document.ts')).sectorsChangeDocumentSchema,
    'fcops sectors retry, discard and remove',
  ),
  window: printed(
    'fcops window',
    async () => (await import('./views/window-document.ts')).windowDocumentSchema,
  ),
  pledge: printed(
    'fcops pledge N',
    async () => (await import('./views/pledge-document.ts')).pledgeDocumentSchema,
  ),
  backup: printed(
    'fcops backup miner',
    async () => (await import('./views/backup-document.ts')).backupDocumentSchema,
  ),
  rotate: printed(
    'fcops rotate token --dry-run',
    async () => (await import('./views/rotate-document.ts')).rotateDocumentSchema,
  ),
  secrets: printed(
    'fcops secrets list',
    async () => (await import('./views/secrets-document.ts')).secretsDocumentSchema,
  ),
  'secrets-check': printed(
    'fcops secrets check',
    async () => (await import('./views/secrets-check-document.ts')).secretsCheckDocumentSchema,
  ),
  exec: printed('fcops exec', async () => (await import('./views/exec-document.ts')).execDocumentSchema),
  support: printed(
    'fcops support',
    async () => (await import('./views/support-document.ts')).supportDocumentSchema,
  ),
  events: printed(
    'fcops deploy',
    async () => (await import('./views/event-document.ts')).eventSchema,
    'one line of fcops deploy',
  ),
  bootstrap: printed(
    'fcops bootstrap miner',
    async () => (await import('./views/bootstrap-document.ts')).bootstrapEventSchema,
    'one line of fcops bootstrap miner',
  ),
  restore: printed(
    'fcops restore miner',
    async () => (await import('./views/bootstrap-document.ts')).bootstrapEventSchema,
    'one line of fcops restore miner',
  ),
} as const satisfies Readonly<Record<string, Schema>>;

/** The schema of a name; undefined: there is none. */
export const schemaNamed = (name: string): Schema | undefined =>
  Object.entries<Schema>(SCHEMAS).find(([one]) => one === name)?.[1];

/** Examples of the help: a line for what each command prints. */
export const schemaExamples = (): readonly (readonly [string, string])[] =>
  Object.entries<Schema>(SCHEMAS).flatMap(([name, { command }]) =>
    command === undefined
      ? []
      : [[`fcops schema ${name}`, `what \`${command} --output json\` prints`] as const],
  );
