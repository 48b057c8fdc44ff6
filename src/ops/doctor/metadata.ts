import type { Next } from '../../core/next.ts';
import { look, shellOnHost } from '../../core/next.ts';
import { words } from '../../core/shell.ts';
import { datastoreDamage } from '../../lotus/datastore-damage.ts';
import { BACKUPS, HOME, PROFILE, REPOSITORIES } from '../../roles/miner-places.ts';
import { PROOFS_COST } from './costs.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';

/** A daemon of the miner host that does not run, with what it has logged last. */
export interface DeadDaemon {
  readonly name: 'lotus' | 'lotus-miner';
  readonly lastWords: readonly string[];
}

/**
 * A datastore that its program says is damaged (handbook 4.3.4, 4.3.5). Nothing of it is ever done: the metadata of a
 * miner is all that knows of its sectors.
 */
export const metadataFindings = (host: string, daemons: readonly DeadDaemon[]): readonly Finding[] =>
  daemons.flatMap(({ name, lastWords }) => {
    const damage = datastoreDamage(`${lastWords.join('\n')}\n`);
    if (damage === null) return [];
    return [
      finding('critical', 'metadata', host, `the datastore of ${name} is damaged, and it does not start`, {
        processes: [name],
        evidence: damage.lines,
        cost: PROOFS_COST,
        next: name === 'lotus' ? OF_LOTUS : ofMiner(damage.files),
      }),
    ];
  });

const OF_LOTUS: readonly Next[] = [
  look(
    `the chain can be fetched anew: keep ${REPOSITORIES.lotus}/keystore and config.toml, move its datastore away, and import a snapshot (fcops bootstrap miner --import-over HOST)`,
  ),
];

const ofMiner = (files: readonly string[]): readonly Next[] => {
  const datastore = `${REPOSITORIES.lotusMiner}/datastore`;
  const kept = `${HOME}/lotusminer-damaged`;
  const named = files.length > 0 ? files : ['the files that the log names'];
  return [
    look(`first copy the whole of ${REPOSITORIES.lotusMiner}, while nothing runs there`),
    files.length > 0
      ? shellOnHost(
          `${words('mkdir', '-p', kept)} && find ${datastore} ${words('-type', 'f', '(', ...files.flatMap((file, index) => [...(index > 0 ? ['-o'] : []), '-name', file]), ')')} -exec mv -t ${kept} {} +`,
          'move what the log names to another place, on the host, and start lotus-miner',
        )
      : look(`move ${named.join(', ')} from ${datastore} to another place, and start lotus-miner`),
    shellOnHost(
      `source ${PROFILE}; lotus-miner backup --offline ${BACKUPS}/$(date +%Y%m%d).cbor`,
      'where it still does not start, save its metadata',
    ),
    look(
      'where that fails too, fetch the newest backup from the backup host and restore it (lotus-miner init restore)',
    ),
  ];
};
