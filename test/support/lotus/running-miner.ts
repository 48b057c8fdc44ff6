import type { PlainHost } from '../host-set.ts';
import { turn } from './knobs.ts';
import { installLotus } from './programs.ts';

/** As much of the profile of a miner host (handbook 2.1.5.3) as the simulated programs go by. */
const PROFILE = `export PATH=$PATH:/usr/local/bin/
export LOTUS_PATH=/opt/raid0/lotus
export LOTUS_MINER_PATH=/opt/raid0/lotusminer
`;

/** Ends both, for a host whose processes do not end with it. */
export const stopMiner = (host: Pick<PlainHost, 'sh'>): Promise<string> =>
  host.sh('source /opt/raid0/profile; lotus-miner stop; lotus daemon stop; true');

/** Ends lotus-miner alone, and waits until it has ended. */
export const endLotusMiner = (host: Pick<PlainHost, 'sh'>): Promise<string> =>
  host.sh(
    'source /opt/raid0/profile; lotus-miner stop; until [ ! -e /opt/raid0/lotusminer/api ]; do sleep 0.1; done; sleep 0.5',
  );

/**
 * Makes a miner once, of the programs and the profile that a deploy has brought: a chain, and its repository. In the end
 * neither of the two runs.
 */
export const makeMiner = async (host: Pick<PlainHost, 'sh' | 'address'>, miner: string): Promise<void> => {
  await turn(host, 'miner-id', miner);
  await turn(host, 'balances/f3owner', '10');
  await host.sh(`source /opt/raid0/profile; echo chain >/opt/chain.car
mkdir -p /opt/raid0/lotus; printf '[API]\\n' >/opt/raid0/lotus/config.toml
lotus daemon --halt-after-import --import-snapshot /opt/chain.car >/dev/null 2>&1
printf '[API]\\n  ListenAddress = "/ip4/${host.address}/tcp/1234/http"\\n' >/opt/raid0/lotus/config.toml
nohup lotus daemon >/dev/null 2>&1 </dev/null &
until lotus version >/dev/null 2>&1; do sleep 0.1; done
lotus-miner init --no-local-storage --owner f3owner --worker f3owner --sector-size 64GiB >/dev/null 2>&1
lotus daemon stop; until [ ! -e /opt/raid0/lotus/api ]; do sleep 0.1; done; sleep 0.5`);
};

/**
 * A host where simulated lotus and lotus-miner run, as somebody has set them up by hand: a chain, a miner with this id,
 * both listening at its address.
 */
export const runMiner = async (host: PlainHost, miner: string): Promise<void> => {
  await installLotus(host);
  await turn(host, 'miner-id', miner);
  await turn(host, 'balances/f3owner', '10');
  const listens = (port: number) =>
    `printf '[API]\\n  ListenAddress = "/ip4/${host.address}/tcp/${port}/http"\\n'`;
  await host.sh(`mkdir -p /opt/raid0/lotus /opt/raid0/lotusminer
cat >/opt/raid0/profile <<'END'
${PROFILE}END
source /opt/raid0/profile
echo chain >/opt/chain.car
${listens(1234)} >/opt/raid0/lotus/config.toml
lotus daemon --halt-after-import --import-snapshot /opt/chain.car >/opt/import.log 2>&1
nohup lotus daemon >/opt/raid0/lotus/logs 2>&1 </dev/null &
until lotus version >/dev/null 2>&1; do sleep 0.1; done
lotus-miner init --no-local-storage --owner f3owner --worker f3owner --sector-size 64GiB >/opt/init.log 2>&1
${listens(2345)} >/opt/raid0/lotusminer/config.toml
nohup lotus-miner run >/opt/raid0/lotusminer/logs 2>&1 </dev/null &
until [ -s /opt/raid0/lotusminer/api ] && [ -s /opt/raid0/lotusminer/token ]; do sleep 0.1; done`);
};
