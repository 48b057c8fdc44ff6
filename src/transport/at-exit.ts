/** Signals that end a process which does nothing about them, without a word to its listeners for `exit`. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

type Stopping = Pick<NodeJS.Process, 'on' | 'off' | 'listenerCount' | 'kill' | 'pid'>;

/**
 * Calls back when the process ends, until the function that it returns is called: at its exit, and before one
 * of the signals ends it. A signal for which there is another listener is left to that one.
 */
export const atExit = (process: Stopping): ((callback: () => void) => () => void) => {
  const callbacks = new Set<() => void>();
  const call = () => {
    for (const callback of callbacks) callback();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return;
    call();
    unlisten();
    process.kill(process.pid, signal);
  };
  const listen = () => {
    process.on('exit', call);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  };
  const unlisten = () => {
    process.off('exit', call);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  return (callback) => {
    if (callbacks.size === 0) listen();
    callbacks.add(callback);
    return () => {
      if (callbacks.delete(callback) && callbacks.size === 0) unlisten();
    };
  };
};

/** The same for this process: one for all, as two of them would leave a signal to each other. */
export const whenWeEnd = atExit(process);
