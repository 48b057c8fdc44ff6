import * as z from 'zod';
import { inventoryJsonSchema, profileJsonSchema } from '../../inventory/schema.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import { bootstrapEventSchema } from '../views/bootstrap-document.ts';
import { eventSchema } from '../views/event-document.ts';
import { execDocumentSchema } from '../views/exec-document.ts';
import { jobsDocumentSchema } from '../views/jobs-document.ts';
import { planDocumentSchema } from '../views/plan-document.ts';
import { pledgeDocumentSchema } from '../views/pledge-document.ts';
import { preflightDocumentSchema } from '../views/preflight-document.ts';
import { statusDocumentSchema } from '../views/status-document.ts';
import { verifyDocumentSchema } from '../views/verify-document.ts';
import { workersDocumentSchema } from '../views/workers-document.ts';

/** `fcops schema [inventory|profile|plan|status|verify|preflight|jobs|workers|pledge|exec|events|bootstrap]` */
export const schema: Action<object> = async ({ output }, [what]) => {
  output.printJson(jsonSchema(what));
  return EXIT.done;
};

const jsonSchema = (what: string | undefined): unknown => {
  switch (what) {
    case 'profile':
      return profileJsonSchema();
    case 'plan':
      return { title: 'fcops plan --output json', ...z.toJSONSchema(planDocumentSchema) };
    case 'events':
      return { title: 'one line of fcops deploy --output json', ...z.toJSONSchema(eventSchema) };
    case 'status':
      return { title: 'fcops status --output json', ...z.toJSONSchema(statusDocumentSchema) };
    case 'jobs':
      return { title: 'fcops jobs --output json', ...z.toJSONSchema(jobsDocumentSchema) };
    case 'workers':
      return { title: 'fcops workers --output json', ...z.toJSONSchema(workersDocumentSchema) };
    case 'verify':
      return { title: 'fcops verify --output json', ...z.toJSONSchema(verifyDocumentSchema) };
    case 'exec':
      return { title: 'fcops exec --output json', ...z.toJSONSchema(execDocumentSchema) };
    case 'pledge':
      return { title: 'fcops pledge N --output json', ...z.toJSONSchema(pledgeDocumentSchema) };
    case 'preflight':
      return { title: 'fcops preflight --output json', ...z.toJSONSchema(preflightDocumentSchema) };
    case 'bootstrap':
      return {
        title: 'one line of fcops bootstrap miner --output json',
        ...z.toJSONSchema(bootstrapEventSchema),
      };
    default:
      return inventoryJsonSchema();
  }
};
