import * as z from 'zod';
import type { ReadPlan } from '../../ops/saved-plan/saved-plan.ts';
import { addressesOf } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { planDocument, planDocumentSchema } from './plan-document.ts';

/** What `fcops show` prints as JSON. */
export const savedPlanDocumentSchema = z.strictObject({
  format: z.literal('fcops-shown-plan/1'),
  digest: z.string().describe('Of the file: sha256:…'),
  version: z.string().describe('Of the fcops that made it, and that can apply it.'),
  who: z.string().describe('alice@ops1'),
  made: z.string().describe('2026-11-22T10:30:00Z'),
  expires: z.string().describe('When it can be applied no more.'),
  expired: z.boolean(),
  request: z.strictObject({
    role: z.string(),
    miner: z.string(),
    tags: z.array(z.string()).describe('Empty: all.'),
    start: z.boolean().describe('Whether processes are started.'),
    preflight: z.boolean().describe('Whether hosts are asked before a start whether it would fail.'),
  }),
  plan: planDocumentSchema.describe('As `fcops plan --output json` prints it.'),
});

export type SavedPlanDocument = z.infer<typeof savedPlanDocumentSchema>;

/** A saved plan as programs read it; `expired`: at this moment. */
export const savedPlanDocument = (saved: ReadPlan, expired: boolean, words: Words): SavedPlanDocument => {
  const { digest, version, who, made, expires, request, hosts } = saved;
  const { role, miner, tags, start, preflight = true } = request;
  return {
    format: 'fcops-shown-plan/1',
    digest,
    version,
    who,
    made,
    expires,
    expired,
    request: { role, miner, tags: [...tags], start, preflight },
    plan: planDocument(
      { miner, role, addresses: addressesOf({ hosts }), words },
      hosts.map(({ planned }) => planned),
    ),
  };
};
