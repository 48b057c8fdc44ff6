import * as z from 'zod';

/** The addresses of a host in a document. */
export const addressesShape = {
  address: z.string().describe('That SSH connects to.'),
  listen: z
    .string()
    .exactOptional()
    .describe('That its workers listen on and the miner knows them by; left out: it is `address`.'),
};
