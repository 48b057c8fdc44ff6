import { expect, it } from 'vitest';
import { sayNext } from '../../../../src/core/next.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { outcomeOf } from '../../../../src/ops/bootstrap/outcome.ts';
import { answer, deployedHost, OWNER, setupOf, WORKER } from './support.ts';

const seen = deployedHost({
  texts: new Map([['/opt/raid0/lotusminer/api', '/ip4/192.168.10.9/tcp/2345/http']]),
  answers: new Map([
    ['wallets', answer(`Address  Balance  Nonce  Default\n${OWNER}  2 FIL  0  X\n${WORKER}  0 FIL  0\n`)],
    ['info', answer('Chain: [sync ok] [basefee 211.611 pFIL]\nMiner: f01234 (64 GiB sectors)\n')],
  ]),
});

it('says what the chain has named the miner, what workers need, and what keys are to be backed up', () => {
  const outcome = outcomeOf(seen, setupOf());
  expect(outcome).toMatchObject({ miner: 'f01234', owner: OWNER, worker: WORKER });
  const said = sayNext(outcome.next);
  expect(said).toContain('to f01234.yaml, with miner: f01234 in it');
  expect(said).toContain('adopt miner-1 --miner f01234');
  expect(said).toMatch(/fcops deploy all --start --miner f01234$/);
  expect(said).toContain(`lotus wallet export ${OWNER}`);
  expect(said).toContain('set api.address of the inventory');
  expect(said).toContain('api: { from: miner }');
});

it('says nothing of the API where workers take it from the host', () => {
  const setup = setupOf();
  const secret = new Secret('API', () => {
    throw new Error('nobody asks for it');
  });
  const api = { from: 'miner', host: setup.host, address: secret, token: secret } as const;
  const said = sayNext(outcomeOf(seen, { ...setup, cluster: { ...setup.cluster, api } }).next);
  expect(said).not.toContain('api');
});
