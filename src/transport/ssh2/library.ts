/** The ssh2 package. Loaded on first use only: it takes as long to load as the rest of fcops together. */
export type Ssh2 = typeof import('ssh2');

export const loadSsh2 = async (): Promise<Ssh2> => (await import('ssh2')).default;
