/**
 * An id that names one task: lotus-miner takes the first that begins like what it is given, and those that are only
 * assigned have all zeros.
 */
export const isJobId = (text: string): boolean => /^[0-9a-f]{8}$/.test(text) && !/^0+$/.test(text);
