import { again, look } from '../../core/next.ts';
import type { LockHolder } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import type { Connection, Running } from '../../transport/connection.ts';
import { linesOf } from '../lines.ts';
import holdShell from './hold.sh';
import { holderOf, holderShell, holderText, lockedProblem } from './holder.ts';

const holdScript = (holder: LockHolder): string =>
  [
    `FCOPS_RUN_NAME=${quote(holder.run)}`,
    `FCOPS_HOLDER=${quote(holderText(holder))}`,
    holderShell,
    holdShell,
  ].join('\n');

/**
 * Takes a host for a session: others are kept out until the function that it gives is called, or the connection
 * ends. Rejects with who has it.
 */
export const holdHost = async (
  connection: Connection,
  host: string,
  holder: LockHolder,
): Promise<() => void> => {
  const running = connection.exec(holdScript(holder));
  const lines = linesOf(running.stdout);
  const { value: line } = await lines.next();
  const [word = '', ...fields] = line === undefined ? [] : line.text.split('\t');
  if (word === 'locked') {
    await lines.return(undefined);
    throw new FcopsError(lockedProblem(host, holderOf(fields)));
  }
  if (word !== 'held') throw await notHeld(running, host);
  return readOn(lines);
};

/** Reads on until the function that it gives is called: what is not read any more is given up by the host. */
const readOn = (lines: AsyncGenerator<unknown>): (() => void) => {
  let wanted = true;
  const follow = async () => {
    while (wanted && !(await lines.next()).done);
    await lines.return(undefined);
  };
  void follow();
  return () => {
    wanted = false;
  };
};

const notHeld = async ({ exit }: Running, host: string): Promise<FcopsError> => {
  const { problem, status, stderr } = await exit;
  return new FcopsError(
    problem ?? {
      kind: 'run',
      what: 'the host could not be held against other runs; nothing was done to it',
      where: { host },
      why: stderr.trim() || `status ${status}`,
      next: [look('see that /var/lib/fcops can be written'), again('then run again')],
    },
  );
};
