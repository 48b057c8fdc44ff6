import * as z from 'zod';

/**
 * Keys of the two config.toml that fcops sets, with the names that lotus itself gives them. A key that is null is
 * left to the file. What is not here is never touched.
 */

/** A key with its description; what it is where the inventory does not say stands at its end. */
const key = <Schema extends z.ZodType>(schema: Schema, about: string, standard: string) =>
  schema.nullable().exactOptional().describe(`${about} Default: ${standard}.`);

const multiaddr = z
  .string()
  .regex(/^\/ip[46]\/[\w.:]+\/tcp\/\d{1,5}\/http$/, 'must be like /ip4/192.168.10.1/tcp/2345/http');
const hostAndPort = z.string().regex(/^[\w.-]+:\d{1,5}$/, 'must be like 192.168.10.1:2345');
const sectors = z.int().min(0).max(1_000_000);
const fil = (example: string) =>
  z
    .string()
    .regex(/^\d{1,10}(\.\d{1,18})? FIL$/, 'must be an amount like 0.05 FIL')
    .meta({ examples: [example] });

const api = (port: number) =>
  z
    .strictObject({
      ListenAddress: key(
        multiaddr.meta({ examples: [`/ip4/192.168.10.1/tcp/${port}/http`] }),
        'Where its API listens.',
        port === 1234 ? "the host's `listen`, port 1234" : "the host's `listen`, port of api.address or 2345",
      ),
      RemoteListenAddress: key(
        hostAndPort.meta({ examples: [`192.168.10.1:${port}`] }),
        'Address that it gives to others for its API.',
        'null, as the file has it',
      ),
    })
    .exactOptional()
    .describe('Its API.');

const backup = z
  .strictObject({
    DisableMetadataLog: key(z.boolean(), 'Keeps no log of changes of the metadata.', 'true'),
  })
  .exactOptional()
  .describe('Backups of its metadata.');

const batchFee = (what: string, perSector: string) =>
  z
    .strictObject({
      Base: key(fil('0 FIL'), `Most for ${what}, whatever is in it.`, '0 FIL'),
      PerSector: key(fil(perSector), `Most for each sector of ${what} besides.`, perSector),
    })
    .exactOptional()
    .describe(`Fee of ${what}.`);

export const lotusConfigSchema = z.strictObject({ API: api(1234), Backup: backup });

export const minerConfigSchema = z.strictObject({
  API: api(2345),
  Backup: backup,
  Sealing: z
    .strictObject({
      MaxWaitDealsSectors: key(sectors, 'Sectors that wait for deals at the same time.', '2'),
      MaxSealingSectors: key(sectors, 'Sectors that are sealed at the same time; 0 for no limit.', '0'),
      MaxSealingSectorsForDeals: key(sectors, 'Those with deals among them; 0 for no limit.', '0'),
      AlwaysKeepUnsealedCopy: key(z.boolean(), 'Keeps the unsealed copy of sectors with deals.', 'true'),
      FinalizeEarly: key(z.boolean(), 'Moves a sector to storage before its proof is sent.', 'true'),
      BatchPreCommits: key(z.boolean(), 'Sends PreCommits of many sectors in one message.', 'false'),
      AggregateCommits: key(z.boolean(), 'Sends proofs of many sectors in one message.', 'false'),
    })
    .exactOptional()
    .describe('How it seals.'),
  Fees: z
    .strictObject({
      MaxPreCommitGasFee: key(fil('0.025 FIL'), 'Most for a PreCommit.', '0.025 FIL'),
      MaxCommitGasFee: key(fil('0.05 FIL'), 'Most for a proof of a sector.', '0.05 FIL'),
      MaxTerminateGasFee: key(fil('0.5 FIL'), 'Most for a termination.', '0.5 FIL'),
      MaxWindowPoStGasFee: key(fil('5 FIL'), 'Most for a WindowPoSt.', '5 FIL'),
      MaxPublishDealsFee: key(fil('0.05 FIL'), 'Most for publishing deals.', '0.05 FIL'),
      MaxMarketBalanceAddFee: key(fil('0.007 FIL'), 'Most for adding to the market balance.', '0.007 FIL'),
      MaxPreCommitBatchGasFee: batchFee('a batch of PreCommits', '0.02 FIL'),
      MaxCommitBatchGasFee: batchFee('an aggregate of proofs', '0.03 FIL'),
    })
    .exactOptional()
    .describe('Most that it pays for a message.'),
});
