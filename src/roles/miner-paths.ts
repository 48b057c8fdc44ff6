/** Where lotus-miner keeps what it knows (handbook 2.1.6). */
export const MINER_REPOSITORY = '/opt/raid0/lotusminer';
