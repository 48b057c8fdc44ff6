import { nameOfMany } from '../names.ts';
import type { Resource } from '../resource.ts';
import type { KernelLine } from './kernel-line.ts';
import { argumentsOf } from './kernel-line.ts';

export interface KernelArgumentsSpec {
  /** As for grubArguments. */
  readonly arguments: KernelLine;
}

/** The running kernel was started with these arguments; else the machine has to be started anew. */
export const kernelArguments = (spec: KernelArgumentsSpec): Resource => {
  const wanted = argumentsOf(spec.arguments);
  return {
    kind: 'kernel-arguments',
    id: `kernel-arguments:${nameOfMany(wanted)}`,
    title: `kernel-arguments ${nameOfMany(wanted)}`,
    asks: [],
    leaves: (host) => {
      for (const argument of wanted) host.kernelArguments.add(argument);
    },
    manages: [],
    diff: (seen) => {
      const lacking = wanted.filter((argument) => !seen.facts.kernelArguments.includes(argument));
      return lacking.length === 0
        ? { state: 'same' }
        : { state: 'reboot', reason: `the running kernel was started without ${lacking.join(' ')}` };
    },
  };
};
