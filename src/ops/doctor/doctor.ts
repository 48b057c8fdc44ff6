import { maskOutput } from '../../core/others-secrets.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import { askedCluster } from '../at-miner/asked.ts';
import type { OpsDeps } from '../deps.ts';
import { unasked } from '../miner-says.ts';
import type { RoleHosts } from '../role-work.ts';
import { isMiner } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import { rolesOf } from '../status/status.ts';
import { verifier } from '../verify/verify.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './finding.ts';
import { doctorAsks } from './host-look.ts';
import type { MinerLook } from './miner-look.ts';
import { minerLookQuery, unlooked } from './miner-look.ts';

/** What a diagnosis has come to. */
export interface Diagnosed extends Diagnosis {
  readonly miner: string;
  readonly minerHost: string | null;
  /** Those that were looked at, in the order of the inventory, the miner first. */
  readonly hosts: readonly string[];
}

/**
 * Looks once at each host, asks the miner host once, and says what is wrong. Nothing is changed. Throws an FcopsError for
 * bad settings; a host that cannot be looked at is part of the answer.
 */
export const doctor = async (
  sources: Sources,
  hosts: RoleHosts,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): Promise<Diagnosed> => {
  const { cluster, redact } = hosts;
  const minerHost = cluster.hosts.find(isMiner) ?? null;
  const asked = minerHost && (await askedCluster(sources, { miner: cluster.miner, limit: undefined }));
  let says: MinerLook = notAsked(unasked([{ kind: 'unseen', what: 'it was not asked' }]));
  const looks = await verifier(sources, hosts, rolesOf(hosts.hosts), targetOf, deps, {
    asks: doctorAsks,
    says: async (miner) => {
      try {
        says = await miner.ask(minerLookQuery);
      } catch (error) {
        if (!(error instanceof FcopsError)) throw error;
        says = notAsked(unasked(error.problems));
      }
      return says;
    },
  });
  try {
    const verified = await looks.verify(deps.widths.look);
    const names = hosts.hosts.map(({ name }) => name);
    const found = diagnose({
      ...{ cluster, verified, status: looks.looker.status(), lastLook: looks.looker.lastLook },
      miner: asked && { host: asked.minerHost.name, says, workerHosts: asked.workerHosts },
      chosen: names.length === cluster.hosts.length ? null : new Set(names),
      now: deps.date().getTime() / 1000,
    });
    return {
      ...masked(found, (text) => maskOutput(redact(text))),
      miner: cluster.miner,
      minerHost: minerHost?.name ?? null,
      hosts: names,
    };
  } finally {
    await looks.close();
  }
};

/** Both answers of a miner that was not asked have the same reason. */
const notAsked = (says: Pick<MinerLook, 'workers' | 'jobs'>): MinerLook =>
  unlooked(says, {
    type: 'not reachable',
    why: says.jobs.type === 'understood' ? 'it was not asked' : says.jobs.why,
  });

const LONGEST = 300;

/** As long as a reader reads; what is cut has been masked: of a part of a secret nobody could tell that it is one. */
const inShort = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);

/** What hosts have logged and what they print may have secrets in it, of ours and of others. */
const masked = ({ findings, unknowns }: Diagnosis, mask: (text: string) => string): Diagnosis => ({
  findings: findings.map((one) => ({
    ...one,
    message: mask(one.message),
    evidence: one.evidence.map((text) => inShort(mask(text))),
  })),
  unknowns: unknowns.map((one) => ({
    ...one,
    message: mask(one.message),
    why: one.why === null ? null : mask(one.why),
  })),
});
