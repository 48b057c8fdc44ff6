import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/inventory/cluster.ts';
import { describeHost } from '../../../src/ops/host-description.ts';
import { shipped } from '../layout/shipped.ts';
import { contextOf, minerContext, TOKEN } from '../roles/support.ts';

const profile = shipped('amd-7532');
const shownOf = (cluster: Partial<Cluster> = {}) => {
  const context = minerContext(profile, {}, cluster);
  return describeHost(context.cluster, context.host);
};

describe('what counts for a miner host', () => {
  it('has the keys of both config.toml, with those that the inventory says nothing of, and what is pledged', () => {
    const config = {
      lotus: { Libp2p: { ListenAddresses: null } },
      miner: { Sealing: { FinalizeEarly: false, BatchPreCommits: null } },
    };
    const shown = shownOf({ config, packing: 14 });
    expect(shown).toMatchObject({
      config: {
        lotus: {
          API: { ListenAddress: '/ip4/192.168.10.1/tcp/1234/http' },
          Backup: { DisableMetadataLog: true },
        },
        miner: { Sealing: { FinalizeEarly: false }, Fees: { MaxCommitBatchGasFee: { Base: '0 FIL' } } },
      },
      pledge: { packing: 14 },
    });
    expect(shown).not.toHaveProperty(['config', 'lotus', 'Libp2p']);
    expect(shown).not.toHaveProperty(['config', 'miner', 'Sealing', 'BatchPreCommits']);
    expect(JSON.stringify(shown)).not.toContain(TOKEN);
  });

  it('says that nothing is pledged by itself', () => {
    expect(shownOf()).toMatchObject({ pledge: 'none' });
  });

  it('is not told of a worker', () => {
    const { cluster, host } = contextOf(profile, {}, { packing: 14 });
    expect(Object.keys(describeHost(cluster, host))).not.toEqual(expect.arrayContaining(['config']));
    expect(describeHost(cluster, host)).not.toHaveProperty('pledge');
  });
});
