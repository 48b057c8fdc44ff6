import { setMaxListeners } from 'node:events';
import { again } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';

/**
 * The same with a signal whose reason is a problem, whatever its caller gave: the reason comes back as the error of
 * all that is under way, and an interrupt is no defect.
 */
export const interruptible = <Deps extends { readonly signal: AbortSignal }>(deps: Deps): Deps => {
  const controller = new AbortController();
  // Every host listens to it: more than ten listeners are no leak.
  setMaxListeners(0, controller.signal);
  const onAbort = () => {
    const { reason } = deps.signal;
    controller.abort(reason instanceof FcopsError ? reason : interrupted());
  };
  if (deps.signal.aborted) onAbort();
  else deps.signal.addEventListener('abort', onAbort, { once: true });
  return { ...deps, signal: controller.signal };
};

/** What was interrupted by whoever asked for it. */
export const interrupted = (): FcopsError =>
  new FcopsError({ kind: 'stopped', what: 'interrupted', next: [again('run the same again')] });
