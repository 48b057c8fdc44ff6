import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { AskedCluster } from '../at-miner/asked.ts';
import { askMinerHost } from '../at-miner/asked.ts';
import type { OpsDeps } from '../deps.ts';
import type { BatchRequest } from './batch.ts';
import { sectorBatch } from './batch.ts';
import type { StatusLook } from './look.ts';
import { noStatuses, STATUSES_AT_ONCE, sectorsQuery, statusQuery } from './look.ts';
import type { SectorBatch } from './sector-batch.ts';

/** Asks the miner host what there is, and works out what would be done. Changes nothing. */
export const lookAtBatch = async (
  asked: AskedCluster,
  request: BatchRequest,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): Promise<SectorBatch> => {
  const { choice } = request;
  const askFor = (numbers: readonly number[]): Promise<StatusLook> =>
    askMinerHost(asked, statusQuery(numbers.slice(0, STATUSES_AT_ONCE)), targetOf, deps);
  if (choice.type === 'state') {
    const look = await askMinerHost(asked, sectorsQuery([choice.state]), targetOf, deps);
    const numbers = look.list.type === 'understood' ? look.list.value.map(({ number }) => number) : [];
    const statuses = numbers.length === 0 ? noStatuses(look.now) : await askFor(numbers);
    return sectorBatch(request, look, statuses, asked);
  }
  const statuses = await askFor(choice.numbers);
  const states = [...statuses.statuses.values()].flatMap((told) =>
    told.type === 'understood' ? [told.value.state] : [],
  );
  // Of what is on the chain only the list tells; of a state that does not exist it has no row.
  const wanted = states.length === 0 ? ['FailedUnrecoverable'] : [...new Set(states)];
  const look = await askMinerHost(asked, sectorsQuery(wanted), targetOf, deps);
  return sectorBatch(request, look, statuses, asked);
};
