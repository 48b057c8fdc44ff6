import type { Problem } from '../../core/problem.ts';
import { redactor } from '../../core/secret.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { lookAtSecrets } from '../secrets/check-secrets.ts';
import type { Level, Finding as SecretFinding } from '../secrets/finding.ts';
import type { Sources } from '../sources.ts';
import type { Finding } from './finding.ts';
import { findings } from './finding.ts';

/** Which secrets are told of. */
interface AskedSecrets {
  /** Cluster files of which nothing is told. */
  readonly except: ReadonlySet<string>;
  /** Whether what nobody names is told: only where it is known who could. */
  readonly unused: boolean;
}

/** What was found, and what masks in any text the values that were known here. */
interface SecretsInSight {
  readonly findings: readonly Finding[];
  readonly mask: (text: string) => string;
}

/**
 * What is wrong with secrets of the directory that has these cluster files, as far as it shows without a private key and
 * without asking a vault: the same wherever it is asked. What cannot be looked at there may be right; of that only an answer
 * that git owes is told.
 */
export const checkSecretsInSight = async (
  sources: Sources,
  files: readonly ReadCluster[],
  { except, unused }: AskedSecrets,
): Promise<SecretsInSight> => {
  const looked = await lookAtSecrets(sources, files, { askVaults: false, decrypt: false });
  const told = (all: readonly SecretFinding[], levels: readonly Level[] = ['wrong', 'warning']) =>
    all.flatMap(({ level, problem }): readonly Problem[] =>
      levels.includes(level) && !except.has(problem.where?.file ?? '') ? [problem] : [],
    );
  return {
    findings: [
      ...findings('secret-in-clear', told(looked.clear)),
      ...findings('secret-unchecked', told(looked.clear, ['unknown'])),
      ...(unused ? findings('secret-unused', told(looked.unused)) : []),
      ...findings('secret-recipients', told(looked.recipients)),
      ...findings('secret', told(looked.values)),
    ],
    mask: redactor(looked.known.map(({ value }) => value)),
  };
};
