import { maskOutput } from '../../core/others-secrets.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import { redactor } from '../../core/secret.ts';
import { withoutComments, words } from '../../core/shell.ts';
import { KiB, MiB } from '../../core/units.ts';
import type { Query } from '../../engine/query.ts';
import { LOG_DAYS, logExpression } from '../hardware/kernel-log.ts';
import type { PartsQuestion } from '../host-parts/ask.ts';
import { partsDeadline, partsScript, readParts } from '../host-parts/ask.ts';
import type { TextSaid } from '../host-parts/said.ts';
import { unsaid } from '../host-parts/said.ts';
import { profileSecrets } from '../host-secrets.ts';
import type { LogSource } from '../logs/log-source.ts';
import secretsShell from '../profile-secrets.sh';
import type { Gathered } from './gathered.ts';
import { had, lacks } from './gathered.ts';
import shell from './host-texts.sh';

/** Whose logs are read. */
export interface LoggedProcess {
  readonly process: string;
  readonly source: LogSource;
}

/** Bytes of all logs together, and of one at the most: an answer of a host has 4 MiB, in base64. */
const LOGS = 1.25 * MiB;
const LOG = 96 * KiB;
/** Runs whose journals are read, and bytes of each. */
const RUNS = 5;
const RUN = 96 * KiB;
const KERNEL = 128 * KiB;

const SECONDS = 30;

const logBytes = (logs: number): number => Math.floor(Math.min(LOG, LOGS / Math.max(1, logs)));

/** What a host has written down, and secrets of its profile that may stand in it. */
export interface HostTexts {
  readonly texts: readonly Gathered[];
  readonly secrets: readonly string[];
}

/**
 * `profiles`: files with variables of its roles. Asks for the ends of logs, the journals of the last runs on the host, its kernel's messages of hardware and how it is
 * doing. What may be shown of it is: secrets of ours, of the profile, and what says that it is one of others are masked.
 */
export const hostTextsQuery = (
  logs: readonly LoggedProcess[],
  profiles: readonly string[],
  redact: (text: string) => string,
): Query<HostTexts> => {
  const bytes = logBytes(logs.length);
  const question: PartsQuestion = {
    before: [withoutComments(secretsShell), withoutComments(shell)],
    parts: [
      ...profiles.map((profile) => words('sup_env', profile)),
      ...logs.map(({ process, source: { path, kept } }) =>
        words('sup_log', process, path, kept.type === 'journal' ? kept.unit : '', String(bytes)),
      ),
      words('sup_runs', String(RUNS), String(RUN)),
      words('sup_kernel', logExpression(), String(LOG_DAYS), String(KERNEL)),
      'sup_system',
    ],
    seconds: SECONDS,
  };
  return {
    name: 'what its logs say',
    script: partsScript(question),
    parse: (text) => parseHostTexts(text, logs, redact),
    deadline: partsDeadline(question),
  };
};

/** Reads the answer. */
export const parseHostTexts = (
  text: string,
  logs: readonly LoggedProcess[],
  redact: (text: string) => string,
): Result<HostTexts, string> => {
  // Nothing is masked before all secrets are known.
  const said = readParts(text, (same) => same);
  if (!said.ok) return said;
  const { of, ended, texts } = said.value;
  const secrets = of('env').flatMap(([names = '']) => profileSecrets(names));
  const ofProfile = redactor(secrets);
  const mask = (whole: string) => maskOutput(ofProfile(redact(whole)));
  const absent = new Set(of('absent').map(([name = '']) => name));
  const bytes = logBytes(logs.length);
  const gathered = (name: string, key: string, program: string, limit: number): Gathered[] => {
    const one = texts.get(key);
    if (one === undefined) return [];
    const why = unsaid(program, one);
    return [why === null ? had(name, mask(withoutCut(one, limit))) : lacks(name, mask(why))];
  };
  const ofLogs = logs.flatMap(({ process, source: { path, kept } }): Gathered[] => {
    const file = `logs/${process}.log`;
    if (absent.has(`log ${process}`)) return [lacks(file, `there is no ${path} on the host`)];
    const found = [
      ...gathered(file, `log ${process}`, 'tail', bytes),
      ...(kept.type === 'journal'
        ? gathered(`logs/${process}.journal`, `journal ${process}`, 'journalctl', bytes)
        : []),
    ];
    return found.length > 0 ? found : [lacks(file, 'the host did not give it in time')];
  });
  const runs = [...texts.keys()].filter((key) => key.startsWith('run ')).sort();
  const ofRuns = runs.flatMap((key) => gathered(`host-runs/${key.slice(4)}.journal`, key, 'tail', RUN));
  const other = (name: string, key: string, program: string, limit: number): Gathered[] => {
    const found = gathered(name, key, program, limit);
    return found.length > 0 ? found : [lacks(name, 'the host did not give it in time')];
  };
  return ok({
    secrets,
    texts: [
      ...ofLogs,
      ...(ofRuns.length > 0
        ? ofRuns
        : [
            lacks(
              'host-runs',
              ended.has('sup_runs') ? 'nothing was run on this host' : 'the host did not give it in time',
            ),
          ]),
      ...other('kernel.txt', 'kernel', 'journalctl or dmesg', KERNEL),
      ...other('system/uptime.txt', 'uptime', 'uptime', Number.POSITIVE_INFINITY),
      ...other('system/memory.txt', 'memory', 'cat', Number.POSITIVE_INFINITY),
      ...other('system/mounts.txt', 'mounts', 'cat', Number.POSITIVE_INFINITY),
      ...other('system/processes.txt', 'processes', 'ps', Number.POSITIVE_INFINITY),
    ],
  });
};

/** An end of a text without the rest of a line that it begins with: that may be the rest of a secret. */
const withoutCut = ({ text }: TextSaid, limit: number): string => {
  if (Buffer.byteLength(text) < limit) return text;
  const line = text.indexOf('\n');
  return `(what was written before is left out)\n${line < 0 ? '' : text.slice(line + 1)}`;
};
