import type { DeployRequest } from '../../ops/deploy-request.ts';
import { namedHosts } from '../../ops/named.ts';
import { REBOOT_TIMEOUT } from '../../ops/reboot/context.ts';
import type { Action } from '../context.ts';
import { sourcesOf } from '../sources.ts';
import { carryOut } from './deploy.ts';
import type { StopOptions } from './processes.ts';
import { runOf, stopOf } from './processes.ts';

export interface RebootOptions extends Omit<StopOptions, 'process'> {
  /** Seconds. */
  readonly rebootTimeout?: number;
}

/** `fcops reboot ROLE|HOST…` */
export const reboot: Action<RebootOptions> = async (context, words, options) => {
  const sources = sourcesOf(context);
  const request: DeployRequest = {
    ...namedHosts(sources, words, options),
    operation: 'reboot',
    reboot: { timeout: options.rebootTimeout ?? REBOOT_TIMEOUT },
    start: true,
    ...runOf(options),
    stop: stopOf(options),
  };
  return carryOut(context, sources, request, options);
};
