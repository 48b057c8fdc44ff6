import type { Facts } from './facts.ts';

/** Facts of which each is asked for when somebody reads it; `need` throws for one that nobody knows. */
export const factsBy = (need: <Key extends keyof Facts>(key: Key) => Facts[Key]): Facts => ({
  get hostname() {
    return need('hostname');
  },
  get os() {
    return need('os');
  },
  get kernel() {
    return need('kernel');
  },
  get bootId() {
    return need('bootId');
  },
  get kernelArguments() {
    return need('kernelArguments');
  },
  get systemd() {
    return need('systemd');
  },
  get cpu() {
    return need('cpu');
  },
  get memoryKib() {
    return need('memoryKib');
  },
  get numaNodes() {
    return need('numaNodes');
  },
  get l3Groups() {
    return need('l3Groups');
  },
  get gpus() {
    return need('gpus');
  },
  get disks() {
    return need('disks');
  },
});
