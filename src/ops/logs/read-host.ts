import { setImmediate } from 'node:timers/promises';
import { look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { atHost, FcopsError } from '../../core/problem.ts';
import { linesOf } from '../../engine/lines.ts';
import type { Session } from '../../engine/session.ts';
import type { Exit } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { pause } from '../pause.ts';
import type { NamedLog } from './events.ts';
import type { ReaderDeps } from './host-reader.ts';
import { HostReader, RefusedExpression } from './host-reader.ts';
import type { LogsRequest } from './script.ts';
import { logsScript } from './script.ts';

/** Seconds without a word after which a host is given up; a large log takes a while to be searched. */
const SILENCE = { plain: 60, grep: 600 } as const;
/** Seconds before a lost host is called again, the last of them for all that follow. */
const PAUSES = [1, 2, 4, 8, 15] as const;

/** A host whose logs are read. */
export interface LogsHost {
  readonly host: string;
  readonly logs: readonly NamedLog[];
  readonly profile: string;
}

/** What reading takes from outside. */
export interface LogsDeps extends ReaderDeps, Pick<OpsDeps, 'after' | 'signal' | 'defect'> {
  readonly session: () => Session;
}

/**
 * Reads the logs of one host, and follows them where that is asked for: a lost connection is made again, and each file
 * read on from where it was. Gives whether all went well; rejects where grep refuses the expression.
 */
export const readHost = async (
  { host, logs, profile }: LogsHost,
  request: LogsRequest,
  deps: LogsDeps,
): Promise<boolean> => {
  const { tell, signal } = deps;
  const reader = new HostReader(host, logs, deps);
  let wasThere = false;
  for (let lost = 0; ; lost++) {
    const onOpen = () => {
      if (wasThere) tell({ type: 'back', host });
      wasThere = true;
      lost = 0;
    };
    const ended = await connectOnce(reader, request, { host, profile, onOpen }, deps);
    if (ended === 'over' || signal.aborted) return true;
    // One that could not be reached at the first call is not waited for.
    if (!request.follow || !ended.lost || !wasThere) {
      tell({ type: 'failed', host, problems: ended.problems });
      return false;
    }
    const [problem] = ended.problems;
    if (lost === 0 && problem) tell({ type: 'lost', host, problem });
    await pause((PAUSES[Math.min(lost, PAUSES.length - 1)] ?? 1) * 1000, deps);
    if (signal.aborted) return true;
  }
};

/** How a connection ended before its end; `lost`: another one may go on. */
interface Ended {
  readonly lost: boolean;
  readonly problems: readonly Problem[];
}

interface Attempt {
  readonly host: string;
  readonly profile: string;
  readonly onOpen: () => void;
}

const connectOnce = async (
  reader: HostReader,
  request: LogsRequest,
  { host, profile, onOpen }: Attempt,
  deps: LogsDeps,
): Promise<'over' | Ended> => {
  const session = deps.session();
  try {
    await session.open();
    onOpen();
    reader.again();
    return await readOnce(session, reader, request, profile, deps);
  } catch (error) {
    if (error instanceof RefusedExpression) throw error.problem;
    if (!(error instanceof FcopsError)) return { lost: false, problems: [deps.defect(error, host)] };
    return { lost: true, problems: atHost(error.problems, host) };
  } finally {
    await session.close();
  }
};

/** All rows of one connection; why it ended before its end. */
const readOnce = async (
  session: Session,
  reader: HostReader,
  request: LogsRequest,
  profile: string,
  { after }: LogsDeps,
): Promise<'over' | Ended> => {
  const { host } = session;
  const seconds = SILENCE[request.grep === undefined ? 'plain' : 'grep'];
  const { stdout, exit } = await session.stream(logsScript(reader.logs, request, profile));
  const rows = linesOf(stdout);
  let silent = false;
  for (;;) {
    const cancel = after(seconds * 1000, () => {
      silent = true;
      void session.close();
    });
    const { value: row, done } = await rows.next();
    cancel();
    if (done) break;
    if (reader.read(row.text)) return 'over';
    // Rows that are here already would be read one after the other, and nothing of other hosts between.
    await setImmediate();
  }
  const ended = await exit;
  return silent
    ? { lost: true, problems: [silentFor(seconds, host)] }
    : { lost: ended.lost, problems: [brokenOff(ended, host)] };
};

const silentFor = (seconds: number, host: string): Problem => ({
  kind: 'unseen',
  what: `the host said nothing for ${seconds} s`,
  where: { host },
  next: [look('log in and see what hangs: a disk, a network file system, a full process table')],
});

const brokenOff = ({ problem, stderr, status }: Exit, host: string): Problem =>
  problem
    ? { ...problem, where: { host, ...problem.where } }
    : {
        kind: 'run',
        what: 'the logs broke off',
        where: { host },
        why: stderr.trim() || `the shell ended with status ${status ?? 'unknown'}`,
      };
