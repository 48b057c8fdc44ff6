import type { Digest, Reveal } from '../core/content.ts';
import { again, look } from '../core/next.ts';
import { maskOutput } from '../core/others-secrets.ts';
import type { LockHolder, Problem } from '../core/problem.ts';
import { FcopsError } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import { formatBytes, MiB } from '../core/units.ts';
import type { Ask } from '../resources/look.ts';
import { rebootOrder } from '../resources/reboot/step.ts';
import type { Task } from '../resources/resource.ts';
import type { Connect, Connection, Exit, Running, Target } from '../transport/connection.ts';
import type { Applied, ApplyJob, ApplyWay, BegunJob } from './apply/apply.ts';
import { applyChanges, rejoinRun } from './apply/apply.ts';
import type { Emit } from './events.ts';
import { holdHost } from './lock/hold.ts';
import type { Look } from './look-script.ts';
import { askScript, asksOf, parseLook } from './look-script.ts';
import { maskedExit } from './masked-exit.ts';
import type { Query } from './query.ts';
import { bootIdQuery } from './query.ts';
import type { Comeback, RebootOrder } from './reboot.ts';
import { untilBack } from './reboot.ts';

/** Milliseconds that a host has to answer a look: it takes a tenth of a second where nothing is wrong. */
const LOOK_DEADLINE = 60_000;
/** Milliseconds to take the lock, or to be told to start anew. */
const ORDER_DEADLINE = 30_000;
/** Bytes of an answer that are read: a look at a host brings some hundred KiB at the most. */
const ANSWER_LIMIT = 4 * MiB;

/** What a session takes from outside. */
export interface SessionDeps {
  readonly connect: Connect;
  /** Milliseconds, for durations. */
  readonly now: () => number;
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly reveal: Reveal;
  readonly digest: Digest;
  /** Masks secrets in what hosts say, before anybody cuts or breaks it. */
  readonly redact?: (text: string) => string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What is said where an answer does not come, or cannot be used. */
interface Words {
  /** Before `within 60 s`. */
  readonly late: string;
  readonly unseen: string;
}

const LOOK_WORDS: Words = {
  late: 'the host did not answer a look at it',
  unseen: 'the host could not be looked at',
};

const wordsOf = ({ name }: Query<unknown>): Words => {
  const words = `the host did not tell ${name}`;
  return { late: words, unseen: words };
};

/**
 * One host for as long as an operation is about it. It connects when it is first needed, and again by itself
 * where the connection was lost; whatever it is asked for rejects with an FcopsError that names the host.
 */
export class Session {
  readonly host: string;
  readonly #target: Target;
  readonly #deps: SessionDeps;
  #connection: Promise<Connection> | null = null;
  /** Who keeps others out, and over which connection: the lock goes with it. */
  #held: { readonly holder: LockHolder; readonly by: Connection; readonly letGo: () => void } | null = null;

  constructor(target: Target, deps: SessionDeps) {
    this.host = target.name;
    this.#target = target;
    this.#deps = deps;
  }

  /** Connects and logs in, where that has not been done. */
  async open(): Promise<void> {
    await this.#open(this.#deps.signal);
  }

  /**
   * Begins to connect, for what will be asked later; what goes wrong is said then. Resolves when the host has been
   * asked to let us in: what is worked out while it thinks about that costs no time.
   */
  warm(): Promise<void> {
    return new Promise((resolve) => {
      this.#open(this.#deps.signal, resolve).then(
        () => resolve(),
        () => resolve(),
      );
    });
  }

  /** One read-only trip that sees all that the tasks are about. */
  async look(tasks: readonly Task[]): Promise<Look> {
    return this.see(asksOf(tasks));
  }

  /** The same for what belongs to no task. */
  async see(asks: readonly Ask[]): Promise<Look> {
    const query: Query<Look> = {
      name: 'what it is',
      script: askScript(asks, this.#deps.digest),
      parse: parseLook,
      deadline: LOOK_DEADLINE,
    };
    return this.#answer(query, LOOK_WORDS);
  }

  /** Asks the host a question in the middle of an operation. */
  async ask<Answer>(query: Query<Answer>): Promise<Answer> {
    return this.#answer(query, wordsOf(query));
  }

  /**
   * Runs a script whose output is read as it comes, however long it goes on; it ends with the session, and at an
   * interrupt. A lost connection is told by its exit, and the next call connects anew. Its standard output is as the
   * host gives it: only who puts the pieces together can mask it.
   */
  async stream(script: string): Promise<Running> {
    const { signal } = this.#deps;
    const { stdout, exit } = (await this.#open(signal)).exec(script);
    const leave = () => void this.close();
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    const over = async (): Promise<Exit> => {
      const ended = await exit;
      signal.removeEventListener('abort', leave);
      if (ended.lost) await this.close();
      return maskedExit(ended, (said) => this.#masked(said));
    };
    return { stdout, exit: over() };
  }

  /** Makes changes, in order, and follows them to their end whatever happens to the connection. */
  async apply(job: ApplyJob): Promise<Applied> {
    return applyChanges(job, await this.#way());
  }

  /** Follows a run to its end that another controller has started; null where the host has nothing of it. */
  async rejoin(job: BegunJob): Promise<Applied | null> {
    return rejoinRun(job, await this.#way());
  }

  /**
   * Keeps others from changing the host until it is let go or the session is closed, for changes that belong
   * together. Where it is held already nothing is done; where the lock went with a lost connection it is taken
   * again. Rejects where somebody else has it.
   */
  async hold(holder: LockHolder): Promise<void> {
    const connection = await this.#open(this.#deps.signal);
    if (this.#held?.by === connection) return;
    const holding = holdHost(connection, this.host, holder);
    const late = 'the host could not be held against other runs';
    try {
      const letGo = await this.#inTime(holding, late, ORDER_DEADLINE);
      this.#held = { holder, by: connection, letGo };
    } catch (error) {
      // It may still come, to nobody.
      holding.then(
        (letGo) => letGo(),
        () => {},
      );
      throw error;
    }
  }

  /** Lets others change the host again. */
  letGo(): void {
    this.#held?.letGo();
    this.#held = null;
  }

  /**
   * Starts the machine anew, where it is still at this boot, and waits until it is back under another one. Rejects where
   * it does not take the order, and at an interrupt.
   */
  async reboot({ boot, within }: RebootOrder): Promise<Comeback> {
    const connection = await this.#open(this.#deps.signal);
    const order = read(connection.exec(rebootOrder(boot)), ANSWER_LIMIT);
    const late = 'the host did not take the order to reboot';
    const { exit } = await this.#inTime(order, late, ORDER_DEADLINE, ORDERED);
    // The connection may be gone before the answer: then the boot id tells what became of it.
    if (!exit.lost && exit.status !== 0) {
      throw notRebooting(
        this.host,
        maskedExit(exit, (said) => this.#masked(said)),
      );
    }
    await this.close();
    return this.comeBack({ boot, within });
  }

  /** Waits until the machine answers under another boot id; of null under any. Rejects at an interrupt. */
  comeBack(wanted: { readonly boot: string | null; readonly within: number }): Promise<Comeback> {
    return untilBack(wanted, {
      bootId: () => this.ask(bootIdQuery),
      close: () => this.close(),
      pause: (ms) => this.#pause(ms),
      now: this.#deps.now,
      checkInterrupt: () => {
        if (this.#deps.signal.aborted)
          throw new FcopsError(interrupted(this.host, 'while the machine was waited for'));
      },
    });
  }

  /** Ends the connection; what runs on the host detached goes on. The session can be used again. */
  async close(): Promise<void> {
    const opening = this.#connection;
    this.#connection = null;
    this.letGo();
    const connection = await opening?.catch(() => null);
    await connection?.close();
  }

  #open(signal: AbortSignal, onAsked?: () => void): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const opening = this.#deps.connect(this.#target, signal, onAsked);
    this.#connection = opening;
    opening.catch(() => {
      if (this.#connection === opening) this.#connection = null;
    });
    return opening;
  }

  /** Reads an answer; where the connection is lost on the way, once more over a new one: nothing was changed. */
  async #answer<Answer>({ script, input, parse, deadline }: Query<Answer>, words: Words): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const connection = await this.#open(this.#deps.signal);
      const running = connection.exec(script, input && Buffer.from(input()));
      const reading = read(running, ANSWER_LIMIT);
      const { text, exit: ended } = await this.#inTime(reading, words.late, deadline);
      const exit = maskedExit(ended, (said) => this.#masked(said));
      if (!text.ok) throw this.#unseen(words, text.error, [look('log in and see what floods it')]);
      if (exit.lost) {
        const holder = this.#held?.holder;
        await this.close();
        if (attempt < 2 && !this.#deps.signal.aborted) {
          await this.#holdAgain(holder);
          continue;
        }
      }
      const answer = parse(text.value);
      if (answer.ok && exit.status === 0) return answer.value;
      if (exit.problem)
        throw new FcopsError({ ...exit.problem, where: { host: this.host, ...exit.problem.where } });
      const why = [answer.ok ? `status ${exit.status}` : answer.error, exit.stderr.trim()];
      throw this.#unseen(words, why.filter(Boolean).join('; '), [
        look('run the same with --limit for this host and look at the reason'),
      ]);
    }
  }

  /** Takes a host again that was held over a lost connection; rejects where another run has come between. */
  async #holdAgain(holder: LockHolder | undefined): Promise<void> {
    try {
      if (holder) await this.hold(holder);
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      throw new FcopsError(
        error.problems.map((problem) => (problem.kind === 'locked' ? { ...problem, what: TAKEN } : problem)),
        { cause: error },
      );
    }
  }

  #unseen({ unseen }: Words, why: string, next: NonNullable<Problem['next']>): FcopsError {
    return new FcopsError({ kind: 'unseen', what: unseen, where: { host: this.host }, why, next });
  }

  async #way(): Promise<ApplyWay> {
    let connection = await this.#open(this.#deps.signal);
    return {
      exec: (script, payload) => connection.exec(script, payload),
      reconnect: async () => {
        const holder = this.#held?.holder;
        await this.close();
        // An interrupted run has to reach the host once more, to ask it to stop.
        connection = await this.#open(new AbortController().signal);
        // Who came between is found out by those who hold it again before they go on.
        if (holder) await this.hold(holder).catch(() => {});
      },
      pause: (ms) => this.#pause(ms),
      reveal: this.#deps.reveal,
      mask: (text) => this.#masked(text),
      emit: this.#deps.emit,
      signal: this.#deps.signal,
    };
  }

  /** What a host said, without secrets of ours and without what says that it is one of others. */
  #masked(text: string): string {
    const { redact = (same: string) => same } = this.#deps;
    return maskOutput(redact(text));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#deps.after(ms, resolve));
  }

  /** A host that hangs (a disk that does not answer) must not hold up the others, nor an interrupt. */
  #inTime<T>(work: Promise<T>, late: string, deadline: number, when = ASKED): Promise<T> {
    const { after, signal } = this.#deps;
    return new Promise((resolve, reject) => {
      const cancel = after(deadline, () => reject(tooLate(this.host, late, deadline)));
      const onAbort = () => reject(new FcopsError(interrupted(this.host, when)));
      signal.addEventListener('abort', onAbort, { once: true });
      work.then(resolve, reject).finally(() => {
        cancel();
        signal.removeEventListener('abort', onAbort);
      });
    });
  }
}

const tooLate = (host: string, late: string, deadline: number): FcopsError =>
  new FcopsError({
    kind: 'unseen',
    what: `${late} within ${deadline / 1000} s`,
    where: { host },
    next: [look('log in and see what hangs: a disk, a network file system, a full process table')],
  });

const TAKEN =
  'the connection was lost, and another run has taken this host before it was held again: nothing more was done to it';

/** When an interrupt has come, and what became of what was under way. */
const ASKED = 'while it was asked; nothing was done';
const ORDERED = 'while it was told to reboot; it may do so all the same';

const interrupted = (host: string, when: string): Problem => ({
  kind: 'stopped',
  what: `interrupted ${when}`,
  where: { host },
  next: [again()],
});

const notRebooting = (host: string, { status, stderr }: Exit): FcopsError =>
  new FcopsError({
    kind: 'run',
    what: 'the machine was not rebooted',
    where: { host },
    why: stderr.trim() || `systemctl reboot ended with status ${status}`,
    next: [look('log in and see why it does not')],
  });

/** The whole answer, up to a limit: what comes beyond it is cut off with the command. */
const read = async (
  running: Running,
  limit: number,
): Promise<{ readonly text: Result<string, string>; readonly exit: Exit }> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of running.stdout) {
    bytes += chunk.length;
    if (bytes > limit) break;
    chunks.push(chunk);
  }
  const exit = await running.exit;
  if (bytes > limit) return { text: err(`its answer is longer than ${formatBytes(limit)}`), exit };
  return { text: ok(Buffer.concat(chunks).toString('utf8')), exit };
};
