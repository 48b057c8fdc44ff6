/**
 * fcops's own small API: its operations, usable without a terminal. `Sources` says where the files are, `OpsDeps` what
 * comes from outside (clock, connections, events); results are values. What is not exported here may change.
 */

export type { Problem } from '../core/problem.ts';
export { FcopsError } from '../core/problem.ts';
export type { HostResult, RunEvent } from '../engine/events.ts';
export type { Flow, Leg, Stage } from '../engine/flow.ts';
export type { HostPlan } from '../engine/plan.ts';
export { hostPlanSchema } from '../engine/plan.ts';
export type { Query } from '../engine/query.ts';
export { runFlow } from '../engine/run-flow.ts';
export { Session } from '../engine/session.ts';
export { DEFAULT_WIDTHS } from '../engine/widths.ts';
export { connector } from '../transport/connect.ts';
export { systemDeps } from '../transport/deps.ts';
export { chosenHosts } from './chosen-hosts.ts';
export type { ClockOffset } from './clock-offset.ts';
export { askClock } from './clock-offset.ts';
export type { Deployed, DeployRequest, PlannedHost } from './deploy.ts';
export { deploy } from './deploy.ts';
export type { ChangeDeps, OpsDeps } from './deps.ts';
export { processIdentity } from './deps.ts';
export type { ExecRequest, HostExec } from './exec/exec.ts';
export { execOnHosts, lineOf } from './exec/exec.ts';
export { gatherFacts } from './gather-facts.ts';
export type { AskedCluster } from './jobs/asked.ts';
export { askedCluster, askMinerHost } from './jobs/asked.ts';
export type { ClusterJobs } from './jobs/jobs.ts';
export { clusterJobs } from './jobs/jobs.ts';
export { atMiner } from './jobs/whose.ts';
export type { ClusterWorkers } from './jobs/workers.ts';
export { clusterWorkers } from './jobs/workers.ts';
export type { MinerSays } from './miner-says.ts';
export { minerSaysQuery } from './miner-says.ts';
export { planHosts } from './plan.ts';
export { pledgeQuery } from './pledge/look.ts';
export { pledgePlan } from './pledge/plan.ts';
export type { Pledged } from './pledge/pledge.ts';
export { pledgeSectors } from './pledge/pledge.ts';
export type { PledgePlan } from './pledge/pledge-plan.ts';
export { renderFiles } from './render-files.ts';
export { historyOf, resumable, runNamed } from './resume.ts';
export type { RoleHosts, RoleRequest, RoleWork } from './role-work.ts';
export { roleHosts, roleWork } from './role-work.ts';
export type { Sources } from './sources.ts';
export { requireSecrets } from './sources.ts';
export type { HostStatus } from './status/host-status.ts';
export type { ClusterStatus, StatusLooker } from './status/status.ts';
export { lookAtAll, statusLooker } from './status/status.ts';
export type { Trouble } from './status/trouble.ts';
export { troublesOf } from './status/trouble.ts';
export { targetOf } from './targets.ts';
export { askForKeys } from './trust.ts';
export type { Check } from './verify/check.ts';
export { verifyUntilRight } from './verify/until-right.ts';
export type { Verified, VerifiedHost, Verifier } from './verify/verify.ts';
export { isRight, verifier } from './verify/verify.ts';
