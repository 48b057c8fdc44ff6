import * as z from 'zod';

/** What of GitHub's workflow files the recipes use, after its reference of the syntax; any other key is a mistake here. */

const texts = z.record(z.string(), z.string()).readonly();
const permission = z.enum(['read', 'write', 'none']);
const permissions = z.strictObject({
  contents: permission.exactOptional(),
  issues: permission.exactOptional(),
  'pull-requests': permission.exactOptional(),
});
const shell = z.strictObject({ run: z.strictObject({ shell: z.enum(['bash']) }) });
const concurrency = z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() });
const about = {
  id: z.string().exactOptional(),
  name: z.string().exactOptional(),
  if: z.string().exactOptional(),
  env: texts.exactOptional(),
};

const runStep = z.strictObject({ ...about, run: z.string(), shell: z.enum(['bash']).exactOptional() });
const usesStep = z.strictObject({
  ...about,
  uses: z.string(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
});
const step = z.union([runStep, usesStep]);

const job = z.strictObject({
  'runs-on': z.union([z.string(), z.array(z.string())]),
  'timeout-minutes': z.int().positive(),
  needs: z.string().exactOptional(),
  if: z.string().exactOptional(),
  environment: z.string().exactOptional(),
  permissions: permissions.exactOptional(),
  concurrency: concurrency.exactOptional(),
  defaults: shell.exactOptional(),
  outputs: texts.exactOptional(),
  steps: z.array(step).min(1).readonly(),
});

/** A workflow: `.github/workflows/*.yml`. */
export const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.strictObject({
    pull_request: z.null().exactOptional(),
    push: z.strictObject({ branches: z.array(z.string()) }).exactOptional(),
    schedule: z.array(z.strictObject({ cron: z.string().regex(/^(\S+ ){4}\S+$/) })).exactOptional(),
    workflow_dispatch: z.null().exactOptional(),
  }),
  permissions,
  concurrency: concurrency.exactOptional(),
  env: texts.exactOptional(),
  jobs: z.record(z.string(), job),
});

/** An action of steps: `.github/actions/NAME/action.yml`. */
export const compositeSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
  runs: z.strictObject({
    using: z.literal('composite'),
    // Each says its shell: there is no default of it in an action.
    steps: z
      .array(runStep.extend({ shell: z.literal('bash') }))
      .min(1)
      .readonly(),
  }),
});

export type Workflow = z.infer<typeof workflowSchema>;
export type Job = z.infer<typeof job>;
export type Step = z.infer<typeof step>;
export type RunStep = z.infer<typeof runStep>;
export type Composite = z.infer<typeof compositeSchema>;
