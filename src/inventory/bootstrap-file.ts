import * as z from 'zod';
import { HTTP_URL, PLAIN_PATH } from '../core/names.ts';
import { like, matching } from './schema-parts.ts';

/** What the first set-up of a miner takes (`fcops bootstrap`), as a person writes it. */

/** In JSON Schema, for editors: text that may be written as a number (see number-texts.ts). */
const NUMBER_TOO = { type: ['string', 'number'] };

/** A key's address: the chain knows an id of it only once it has funds. */
const KEY_ADDRESS = /^[ft](?:1[a-z2-7]{39}|3[a-z2-7]{84})$/;
const BLS_ADDRESS = /^[ft]3[a-z2-7]{84}$/;

const hasNoCredentials = (text: string): boolean => !/^[^/]*\/\/[^/]*@/.test(text);
const isHttpUrl = (text: string): boolean => HTTP_URL.test(text) && URL.canParse(text);

export const bootstrapFileSchema = z.strictObject({
  snapshot: z
    .strictObject({
      url: z
        .string()
        .refine(isHttpUrl, 'must be a URL like http://artifacts.example.com/application/filecoin/chain.car')
        .refine(
          hasNoCredentials,
          'must not hold a user or password: below artifacts.url, those of `artifacts` count',
        )
        .meta(like('http://artifacts.example.com/application/filecoin/chain.car'))
        .describe(
          'Where the snapshot is downloaded from, by the host itself; below artifacts.url with user and password of it.',
        ),
      sha256: matching(/^[0-9a-fA-F]{64}$/, 'must be a sha256: 64 hexadecimal digits')
        .meta(NUMBER_TOO)
        .describe('sha256 of the snapshot, as sha256sum prints it.'),
    })
    .exactOptional()
    .describe('Snapshot of the chain, which lotus begins with. Not needed where it has a chain.'),
  parameters: z
    .strictObject({
      from: matching(/^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/, 'must be the name of a host of this file')
        .meta(like('c2-10'))
        .describe('Host of this file that has the proof parameters of this sector size.'),
      directory: matching(PLAIN_PATH, 'must be an absolute path of plain characters')
        .exactOptional()
        .meta(like('/opt/filecoin-proof-parameters'))
        .describe(
          'Where it has them. Default: /opt/filecoin-proof-parameters, on a miner host that of its profile.',
        ),
    })
    .exactOptional()
    .describe(
      'Proof parameters are copied from a host that has them, and checked. Left out: they are fetched.',
    ),
  owner: matching(KEY_ADDRESS, 'must be an address of a key, f1… or f3…')
    .exactOptional()
    .describe(
      'Owner of the miner, a wallet of its lotus. Default: the default wallet; one is made where there is none.',
    ),
  worker: matching(BLS_ADDRESS, 'must be a BLS address, f3…')
    .exactOptional()
    .describe(
      'Worker of the miner, a wallet of its lotus. Default: the other wallet, made where there is none.',
    ),
  minFunds: z
    .number()
    .min(0)
    .max(1_000_000)
    .exactOptional()
    .meta(like(1))
    .describe('FIL that the owner has to have before the miner is created (handbook 2.1.5.9). Default: 1.'),
});
export type BootstrapFile = z.infer<typeof bootstrapFileSchema>;
