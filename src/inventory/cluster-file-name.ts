import { posix } from 'node:path';

/** Whether a file is one of a cluster, by its name. */
export const isClusterFile = (file: string): boolean => /\.ya?ml$/.test(file);

/** The miner of a cluster file by its name: what `--miner` names, whatever stands in it. */
export const minerOfFile = (file: string): string => posix.basename(file).replace(/\.ya?ml$/, '');
