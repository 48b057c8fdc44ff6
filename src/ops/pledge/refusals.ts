import type { Next } from '../../core/next.ts';
import { again, edit, fcopsCommand, shellOnHost } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { SECTOR_BYTES } from '../../core/profile.ts';
import { count, formatBytes, formatSeconds } from '../../core/units.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import { countIn } from '../../lotus/miner-info.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import { unanswered } from '../at-miner/asked.ts';
import { otherMiner } from '../at-miner/refusals.ts';
import type { Told } from '../miner-says.ts';
import type { PledgeLook } from './look.ts';
import { sectorsOfRun } from './look.ts';
import type { PledgePlan } from './pledge-plan.ts';

type Known = Omit<PledgePlan, 'refusals' | 'warnings'>;

/** Why nothing is pledged, whoever says yes: no sector would come of it, or it would be made for another miner. */
export const refusalsOf = (look: PledgeLook, plan: Known, cluster: Cluster): readonly Problem[] => {
  const where = { host: plan.minerHost };
  const refused = (what: string, next: readonly Next[], why?: string): Problem => ({
    kind: 'check',
    what: `nothing was pledged: ${what}`,
    where,
    ...(why !== undefined && { why }),
    next,
  });
  if (look.holder) return [busy(look, plan)];
  if (look.info.type !== 'understood') return [nothingPledged('its sectors', look.info, plan, cluster)];
  if (look.workers.type !== 'understood')
    return [nothingPledged('workers that take AddPiece', look.workers, plan, cluster)];
  const { miner, sectorSize } = look.info.value;
  const other = otherMiner('nothing was pledged', miner, cluster.miner, plan.minerHost);
  if (other) return [other];
  if (sectorSize !== null && sectorSize !== SECTOR_BYTES[cluster.sectorSize])
    return [
      refused(
        `the sectors of ${miner} have ${formatBytes(sectorSize)}, and the inventory says ${cluster.sectorSize}`,
        [edit('set sectorSize right in the inventory')],
      ),
    ];
  const needed = plan.asked * SECTOR_BYTES[cluster.sectorSize];
  return [
    ...(plan.places.some(({ state }) => state === 'takes' || state === 'unknown')
      ? []
      : [noApx(plan, cluster.miner, refused)]),
    ...(plan.store !== null && plan.store < needed && plan.silentStores === 0
      ? [
          refused(
            `${count(plan.asked, 'sector')} of ${cluster.sectorSize} ${plan.asked === 1 ? 'does' : 'do'} not fit: ${formatBytes(plan.store)} are free where sectors are kept`,
            [
              shellOnHost(`source ${PROFILE}; lotus-miner storage list`, 'see'),
              edit('attach more storage, or pledge fewer'),
            ],
          ),
        ]
      : []),
  ];
};

const nothingPledged = (
  about: string,
  told: Exclude<Told<unknown>, { type: 'understood' }>,
  { minerHost }: Known,
  { miner }: Cluster,
): Problem =>
  unanswered(
    told,
    {
      noAnswer: `nothing was pledged: lotus-miner did not answer about ${about}`,
      notUnderstood: `nothing was pledged: what lotus-miner says of ${about} is not understood`,
    },
    { miner, host: minerHost },
  );

const noApx = (
  { places }: Known,
  miner: string,
  refused: (what: string, next: readonly Next[], why?: string) => Problem,
): Problem =>
  places.length === 0
    ? refused('no host of the inventory runs APx, so no worker takes AddPiece', [
        edit('add a host with roles: [p1] or [apx]'),
      ])
    : refused(
        'no worker that takes AddPiece is enabled',
        [
          fcopsCommand(['workers', '--miner', miner], 'see'),
          fcopsCommand(['start', 'all', '--process', 'APx', '--miner', miner], 'to start what does not run'),
        ],
        (['disabled', 'paused', 'missing'] as const)
          .map((state) => [state, places.filter((place) => place.state === state).length] as const)
          .filter(([, number]) => number > 0)
          .map(([state, number]) => `${number} APx ${state === 'missing' ? 'not registered' : state}`)
          .join(', '),
      );

/** Somebody is changing the host: mostly a pledge that goes on without whoever began it. */
const busy = ({ holder, last }: PledgeLook, { minerHost }: Known): Problem => {
  const run = holder?.run ?? '';
  const sectors = sectorsOfRun(run);
  const made =
    last && last.by.run === run ? `; ${last.made} ${last.made === 1 ? 'is' : 'are'} made by now` : '';
  return {
    kind: 'locked',
    what:
      sectors === null
        ? 'nothing was pledged: another run is changing this host'
        : `nothing was pledged: ${count(sectors, 'sector')} ${sectors === 1 ? 'is' : 'are'} being pledged there already${made}`,
    where: { host: minerHost },
    ...(holder && { holder }),
    next: [again('wait for it to end, then run again')],
  };
};

/** What whoever is asked should know. */
export const warningsOf = (look: PledgeLook, plan: Known, cluster: Cluster): readonly string[] => [
  ...ofPlaces(plan),
  ...ofRoom(look, plan),
  ...ofOthers(look, plan, cluster),
];

const ofPlaces = ({ asked, free, places }: Known): readonly string[] => {
  if (places.length === 0) return [];
  if (free === null)
    return ['it is not known how many places at APx are free: what is too much waits in Packing'];
  if (asked <= free) return [];
  const are = free === 1 ? 'is' : 'are';
  return [
    `${count(asked, 'sector')}, and ${count(free, 'place')} at APx ${are} free: ${asked - free} wait in Packing until others are sealed`,
  ];
};

const ofRoom = (
  { storage, info }: PledgeLook,
  { asked, store, silentStores, sectorSize }: Known,
): readonly string[] => {
  if (storage.type !== 'understood')
    return [
      `lotus-miner does not tell what its caches hold, nor whether there is room for sectors: ${storage.why}`,
    ];
  const silent =
    silentStores === 0
      ? []
      : [
          `lotus-miner does not tell the room of ${silentStores === 1 ? 'one of its directories' : `${silentStores} of its directories`}: there may be more for sectors`,
        ];
  if (store === null)
    return silentStores === 0
      ? ['lotus-miner lists no directory that sectors are kept in: none could be finalized']
      : silent;
  const sectors = info.type === 'understood' ? info.value.sectors : null;
  const underWay = sectors ? sectors.total - done(sectors) : 0;
  const bytes = SECTOR_BYTES[sectorSize];
  const free = `${formatBytes(store)} are free where sectors are kept`;
  if (store < asked * bytes && silentStores > 0)
    return [...silent, `they may not fit: of what is told ${free}`];
  return underWay > 0 && store < (asked + underWay) * bytes
    ? [...silent, `with the ${underWay} that are being sealed they do not fit: ${free}`]
    : silent;
};

const ofOthers = (
  { info }: PledgeLook,
  { last, minerHost }: Known,
  { packing }: Cluster,
): readonly string[] => {
  const chain = info.type === 'understood' ? info.value.chain : null;
  const more = last?.unknown === 1 ? 'one' : last?.unknown;
  return [
    ...(chain?.type === 'slow' || chain?.type === 'behind'
      ? [`the chain is ${formatSeconds(chain.seconds)} behind`]
      : []),
    ...(packing === null ? [] : [`cron on ${minerHost} keeps ${packing} sectors in Packing by itself`]),
    ...(last && last.made < last.asked
      ? [
          `the last pledge (${last.by.who}, ${last.by.since}) made ${last.made} of ${count(last.asked, 'sector')}${last.unknown > 0 ? `; of ${more} more it is not known` : ''}`,
        ]
      : []),
  ];
};

/** Sectors that take no more room: what is kept, and what has gone. */
const done = (sectors: Parameters<typeof countIn>[0]): number =>
  [
    'Proving',
    'Removed',
    'TerminateFinality',
    'Terminating',
    'TerminateWait',
    'Faulty',
    'FailedUnrecoverable',
  ].reduce((sum, state) => sum + countIn(sectors, state), 0);
