import { fcopsCommand, shellOnHost } from '../../core/next.ts';
import { count, formatBytes, formatSeconds } from '../../core/units.ts';
import type { MinerInfo } from '../../lotus/miner-info.ts';
import type { NodeStatus } from '../../lotus/node-status.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import type { Told } from '../miner-says.ts';
import { PROOFS_COST } from './costs.ts';
import type { Diagnosis } from './finding.ts';
import { finding, unknown } from './finding.ts';

/** Seconds of an epoch. */
const EPOCH = 30;
/** Epochs that a node may be behind: a block that has just been made is not there yet. */
const FEW_EPOCHS = 4;

/** Whether lotus is in sync, as the miner sees it, or where that gives no answer as lotus says itself (handbook 4.3.4). */
export const chainDiagnosis = (
  info: Told<MinerInfo>,
  node: Told<NodeStatus>,
  minerHost: string,
): Diagnosis => {
  const next = [
    fcopsCommand(['logs', 'miner', '--limit', minerHost, '--process', 'lotus'], 'why'),
    shellOnHost(`source ${PROFILE}; lotus sync wait`, 'how far it is, on the host'),
    shellOnHost(
      `source ${PROFILE}; lotus net peers | wc -l`,
      'whether it has peers (without them, ask who knows the network), on the host',
    ),
  ];
  const behind = (seconds: number, evidence: string): Diagnosis => ({
    findings: [
      finding('critical', 'chain', minerHost, `lotus is behind the chain by ${formatSeconds(seconds)}`, {
        processes: ['lotus'],
        evidence: [evidence],
        cost: PROOFS_COST,
        next,
      }),
    ],
    unknowns: [],
  });
  if (info.type === 'understood' && info.value.chain.type !== 'unsaid') {
    const { chain } = info.value;
    switch (chain.type) {
      case 'ok':
        return { findings: [], unknowns: [] };
      case 'behind':
        return behind(
          chain.seconds,
          `lotus-miner info: sync behind! (${formatSeconds(chain.seconds)} behind)`,
        );
      case 'slow':
        return {
          findings: [
            finding(
              'note',
              'chain',
              minerHost,
              `the head of the chain is ${formatSeconds(chain.seconds)} old`,
              {
                processes: ['lotus'],
                evidence: ['lotus-miner info: sync slow'],
                cost: 'an epoch without a block does that by itself; one that stays so misses proofs',
                next: [
                  shellOnHost(`source ${PROFILE}; lotus sync wait`, 'see whether it says Done!, on the host'),
                ],
              },
            ),
          ],
          unknowns: [],
        };
    }
  }
  if (node.type === 'understood')
    return node.value.behind > FEW_EPOCHS
      ? behind(
          node.value.behind * EPOCH,
          `lotus status: epoch ${node.value.epoch}, ${count(node.value.behind, 'epoch')} behind, ${count(node.value.messagePeers, 'peer')}`,
        )
      : { findings: [], unknowns: [] };
  return {
    findings: [],
    unknowns: [
      unknown(minerHost, 'it is not known whether lotus is in sync', node.why, [
        fcopsCommand(['status', '--role', 'miner'], 'see whether it runs'),
      ]),
    ],
  };
};

/** States of sectors that need somebody. */
const FAILED = /Failed|^Faulty$|^FaultReported$|^FaultedFinal$|^DealsExpired$|^RecoverDealIDs$/;

/** What `lotus-miner info` says of its sectors: faults, and states that do not go on by themselves. */
export const sectorsDiagnosis = (info: Told<MinerInfo>, minerHost: string): Diagnosis => {
  if (info.type !== 'understood')
    return {
      findings: [],
      unknowns: [
        unknown(minerHost, 'nothing is known of the states of sectors, nor of faults', info.why, [
          fcopsCommand(['status', '--role', 'miner'], 'see whether lotus-miner runs'),
        ]),
      ],
    };
  const { faulty, sectors } = info.value;
  const failed = [...(sectors?.states ?? [])].filter(([state, number]) => number > 0 && FAILED.test(state));
  const isFinal = (state: string) => state === 'FailedUnrecoverable' || state === 'FaultedFinal';
  return {
    findings: [
      ...(faulty !== null && faulty > 0
        ? [
            finding(
              'critical',
              'proving',
              minerHost,
              `${formatBytes(faulty)} that should be proven are faulty`,
              {
                processes: ['lotus-miner'],
                evidence: [`lotus-miner info: Proving: (${formatBytes(faulty)} Faulty)`],
                cost: 'a fault fee for each of these sectors every day, and no power for them; the network ends sectors that stay faulty for weeks',
                next: [
                  shellOnHost(`source ${PROFILE}; lotus-miner proving faults`, 'which, on the host'),
                  fcopsCommand(
                    ['verify', '--role', 'miner'],
                    'whether the storage that they are on is there',
                  ),
                ],
              },
            ),
          ]
        : []),
      ...failed.map(([state, number]) =>
        finding(
          isFinal(state) ? 'note' : 'warn',
          'sectors',
          minerHost,
          `${count(number, 'sector')} in the state ${state}`,
          {
            evidence: [`lotus-miner info: ${state}: ${number}`],
            cost: isFinal(state)
              ? null
              : 'lotus-miner tries again after a minute; one that stays there gives no power, and its tickets run out',
            next: [fcopsCommand(['sectors'], 'which, and why; it leads to what can be done with them')],
          },
        ),
      ),
    ],
    unknowns:
      sectors === null ? [unknown(minerHost, 'lotus-miner does not tell the states of its sectors')] : [],
  };
};
