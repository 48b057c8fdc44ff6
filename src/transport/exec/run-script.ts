import type { Writable } from 'node:stream';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import type { Exit, Running } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { ByteQueue } from './byte-queue.ts';
import { BEGIN, SUDO_PROMPT } from './command.ts';
import { explainNotStarted } from './not-started.ts';
import type { Input, Pipe, PipeEnd } from './pipe.ts';
import { answerSudo } from './sudo.ts';
import { Tail } from './tail.ts';

const STDERR_LIMIT = 64 * 1024;
/** What the login shell may print before our own begins. */
const CHATTER_LIMIT = 16 * 1024;
/** Script and payload up to this many bytes go out as one write. */
const ONE_WRITE = 256 * 1024;

const BEGIN_BYTES = Buffer.from(BEGIN);

/** Runs a script over the pipe that `open` gives: the protocol of command.ts, the same for every transport. */
export const runScript = (
  deps: Pick<TransportDeps, 'after'>,
  open: () => Promise<Result<Pipe, PipeEnd>>,
  input: Input,
): Running => {
  let pipe: Pipe | undefined;
  const stdout = new ByteQueue(
    () => pipe?.stdout.resume(),
    () => pipe?.abandon(),
  );
  const follow = async (): Promise<Exit> => {
    const opened = await open();
    if (opened.ok) pipe = opened.value;
    const exit = opened.ok ? await drive(deps, opened.value, input, stdout) : { ...opened.error, stderr: '' };
    stdout.end();
    return exit;
  };
  return { stdout, exit: follow() };
};

const drive = async (
  deps: Pick<TransportDeps, 'after'>,
  pipe: Pipe,
  input: Input,
  queue: ByteQueue,
): Promise<Exit> => {
  const errors = new Tail(STDERR_LIMIT);
  let chatter: Buffer = Buffer.alloc(0);
  let begun = false;
  let problem: Problem | undefined;
  // A command that ends without reading all its input breaks the pipe; its exit tells what happened.
  pipe.stdin.on('error', () => {});

  const giveUp = (why: Problem) => {
    problem = why;
    pipe.abandon();
  };
  const sudo = input.sudoPassword && answerSudo(deps, pipe.stdin, input.sudoPassword, giveUp);
  const begin = (after: Buffer) => {
    begun = true;
    sudo?.done();
    if (sudo) send(pipe.stdin, input);
    if (after.length > 0 && !queue.push(after)) pipe.stdout.pause();
  };

  pipe.stdout.on('data', (chunk: Buffer) => {
    if (begun) {
      if (!queue.push(chunk)) pipe.stdout.pause();
      return;
    }
    chatter = chatter.length > 0 ? Buffer.concat([chatter, chunk]) : chunk;
    const at = chatter.indexOf(BEGIN_BYTES);
    if (at >= 0) begin(chatter.subarray(at + BEGIN_BYTES.length));
    else if (chatter.length > CHATTER_LIMIT) chatter = chatter.subarray(-CHATTER_LIMIT);
  });
  pipe.stderr.on('data', (chunk: Buffer) => {
    errors.push(chunk);
    if (!begun) sudo?.read(chunk);
  });
  if (!sudo) send(pipe.stdin, input);

  const end = await pipe.ended;
  sudo?.done();
  const stderr = errors.text().replaceAll(SUDO_PROMPT, '');
  if (begun) return { ...end, stderr };
  const said = [chatter.toString('utf8'), stderr].filter(Boolean).join('\n').trim();
  // What we gave up ourselves is not lost.
  if (problem) return { ...end, lost: false, problem, stderr: said };
  if (end.lost) return { ...end, stderr: said };
  // A shell that ends happily without having run the script has not succeeded.
  return { ...end, status: end.status || null, problem: explainNotStarted(end, said), stderr: said };
};

/** The script, the payload, the end. */
const send = (stdin: Writable, { script, payload }: Input): void => {
  if (script.length + payload.length <= ONE_WRITE) {
    stdin.end(payload.length > 0 ? Buffer.concat([script, payload]) : script);
    return;
  }
  stdin.write(script);
  stdin.end(payload);
};
