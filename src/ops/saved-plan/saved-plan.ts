import * as z from 'zod';
import type { HostResult } from '../../engine/events.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { hostPlanSchema } from '../../engine/plan.ts';
import { hostResultSchema } from '../../engine/runs/record.ts';
import type { Json } from './packed.ts';

/** Changes when a file of before could be read as something else now. */
export const SAVED_PLAN_FORMAT = 'fcops-saved-plan/1';

/** What the plan was asked for: what applies it asks for the same. */
const requestSchema = z.strictObject({
  role: z.string(),
  miner: z.string(),
  tags: z.array(z.string()).readonly(),
  start: z.boolean(),
  /** False: what can be told before a start was not asked. */
  preflight: z.boolean().exactOptional(),
});

/** From JSON, and looked at further on. */
const json = z.custom<Json>();

/** What was planned of one host, apart from who it is; the items of its plan are looked at one by one. */
export const savedBodySchema = z.strictObject({
  planned: z.discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('planned'),
      plan: hostPlanSchema.extend({ items: z.array(json).readonly() }),
    }),
    z.strictObject({ state: z.literal('ended'), result: hostResultSchema }),
  ]),
  /** What counted for it, key by key, as JSON; of secrets the names. */
  inputs: z.record(z.string(), z.string()).readonly(),
});

/** The file as it is, but for the bodies of the hosts. */
export const savedFileSchema = z.strictObject({
  format: z.literal(SAVED_PLAN_FORMAT),
  /** sha256 of all that follows, as JSON without blanks. */
  digest: z.string(),
  /** Of fcops. */
  version: z.string(),
  /** `alice@ops1` */
  who: z.string(),
  made: z.iso.datetime(),
  expires: z.iso.datetime(),
  request: requestSchema,
  /** sha256 of every template, by name. */
  templates: z.record(z.string(), z.string()).readonly(),
  common: z.array(json).readonly(),
  /** Who each is by itself: what it has in common with others is packed (`packed.ts`). */
  hosts: z
    .array(
      z.strictObject({
        name: z.string(),
        address: z.string(),
        listen: z.string().exactOptional(),
        roles: z.array(z.string()).readonly(),
        body: json,
      }),
    )
    .readonly(),
});

export type SavedRequest = z.infer<typeof requestSchema>;

/** One host of a saved plan. */
export interface SavedHost {
  readonly name: string;
  readonly address: string;
  /** That its workers listen on; left out: it is the same one. */
  readonly listen?: string;
  readonly roles: readonly string[];
  readonly planned:
    | { readonly state: 'planned'; readonly plan: HostPlan }
    | { readonly state: 'ended'; readonly result: HostResult };
  readonly inputs: Readonly<Record<string, string>>;
}

/** A plan that was saved to be reviewed and applied later. No secret is in it, and no text of hosts beyond what is shown. */
export interface SavedPlan {
  readonly version: string;
  readonly who: string;
  readonly made: string;
  readonly expires: string;
  readonly request: SavedRequest;
  readonly templates: Readonly<Record<string, string>>;
  /** In the order of the inventory. */
  readonly hosts: readonly SavedHost[];
}

/** The same with the digest of its file, as it was read. */
export interface ReadPlan extends SavedPlan {
  readonly digest: string;
}
