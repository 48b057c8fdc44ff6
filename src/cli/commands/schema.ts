import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import { SCHEMAS, schemaNamed } from '../schemas.ts';

/** `fcops schema [NAME]`, of those in `schemas.ts` */
export const schema: Action<object> = async ({ output }, [name = '']) => {
  output.printJson(await (schemaNamed(name) ?? SCHEMAS.inventory).load());
  return EXIT.done;
};
