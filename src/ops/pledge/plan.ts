import type { Cluster, Host } from '../../inventory/cluster.ts';
import { countIn } from '../../lotus/miner-info.ts';
import type { AtMiner } from '../at-miner/whose.ts';
import { sealedIn } from './estimate.ts';
import type { PledgeLook } from './look.ts';
import { p1Slots, placeOf, shared } from './places.ts';
import type { PledgePlan } from './pledge-plan.ts';
import { refusalsOf, warningsOf } from './refusals.ts';

/** Works out where so many sectors would go. */
export const pledgePlan = (
  look: PledgeLook,
  at: AtMiner,
  { cluster, minerHost }: { readonly cluster: Cluster; readonly minerHost: Host },
  asked: number,
): PledgePlan => {
  const { miner, sectorSize } = cluster;
  const info = look.info.type === 'understood' ? look.info.value : null;
  const jobs = look.jobs.type === 'understood' ? look.jobs.value : null;
  const storage = look.storage.type === 'understood' ? look.storage.value : null;
  const packing = info?.sectors ? countIn(info.sectors, 'Packing') : null;
  const unshared = at.hosts
    .filter(({ processes }) => processes.some(({ group }) => group === 'APx'))
    .map((one) => placeOf(one, { cluster, storage, jobs, at }));
  // Of those in Packing, the ones that are being added have their places already.
  const adding = (jobs ?? []).filter(({ task, state }) => task === 'AP' && state.type === 'running').length;
  const ahead = Math.max(0, (packing ?? 0) - adding);
  const places = shared(unshared, ahead, asked);
  const frees = places.filter(({ state }) => state === 'takes').map(({ free }) => free);
  const free =
    frees.length === 0 || frees.includes(null)
      ? null
      : Math.max(0, frees.reduce((sum: number, one) => sum + (one ?? 0), 0) - ahead);
  const running = (jobs ?? []).filter(({ task, state }) => task === 'PC1' && state.type === 'running');
  const slots = at.hosts.reduce((sum, one) => sum + p1Slots(one), 0);
  const sectors = info?.sectors ?? null;
  const before = sectors
    ? ['Packing', 'GetTicket', 'PreCommit1'].reduce((sum, state) => sum + countIn(sectors, state), 0)
    : null;
  const keeping = storage?.paths.filter(({ stores }) => stores) ?? [];
  const stores = keeping.flatMap(({ space }) => space ?? []);
  const known = {
    miner,
    minerHost: minerHost.name,
    sectorSize,
    asked,
    places,
    packing,
    free,
    p1: { slots, running: running.length },
    seconds:
      before === null || jobs === null
        ? null
        : sealedIn(sectorSize, {
            slots,
            running: running.map(({ seconds }) => seconds),
            waiting: Math.max(0, before - running.length) + asked,
            tickets: ticketsOf(minerHost),
          }),
    store: stores.length === 0 ? null : stores.reduce((sum, { total, used }) => sum + total - used, 0),
    silentStores: (storage?.silent ?? 0) + keeping.length - stores.length,
    available: info?.available ?? null,
    last: look.last,
    holder: look.holder,
  };
  return {
    ...known,
    refusals: refusalsOf(look, known, cluster),
    warnings: warningsOf(look, known, cluster),
  };
};

/** How many P1 tasks the miner gives out, and in how many seconds (handbook 2.1.5.3: 2 every 4 minutes); null: any. */
const ticketsOf = ({
  variables: { environment },
}: Host): { readonly number: number; readonly seconds: number } | null => {
  const number = Number(environment.FIL_PROOFS_P1_TICKETS ?? 2);
  const minutes = Number(environment.FIL_PROOFS_P1_TICKET_INTERVAL ?? 4);
  return number > 0 && minutes > 0 ? { number, seconds: minutes * 60 } : null;
};
