import type { Answer } from '../../../src/lotus/failure.ts';

/** Outputs of lotus v1.11.1 with made-up values. */

export const answer = (stdout: string, more: Partial<Answer> = {}): Answer => ({
  status: 0,
  stdout,
  stderr: '',
  ...more,
});

const bar = (full: number): string => `[${'|'.repeat(full)}${' '.repeat(64 - full)}]`;

export const WORKERS = `Worker 3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11, host node-p1-03
\tCPU:  ${bar(7)} 7/64 core(s) in use
\tRAM:  ${bar(51)} 81% 412 GiB/503.3 GiB
\tVMEM: ${bar(58)} 92% 468 GiB/503.3 GiB
Worker c7f7b1b2-7c1e-4f6f-8a55-2f8f7a2d9e10, host node-c2-01 (disabled)
\tCPU:  ${bar(58)} 58/64 core(s) in use
\tRAM:  ${bar(10)} 16% 41 GiB/251 GiB
\tVMEM: ${bar(23)} 37% 191 GiB/507 GiB
\tGPU: GeForce RTX 3090, used
\tGPU: GeForce RTX 3090, used
`;

export const JOBS = `ID        Sector  Worker    Hostname    Task  State        Time
13aa09cd  990     00000000  node-p1-02  PC2   ret-wait     31h0m2.4s
8c3d91aa  1017    6b1f2c90  node-p1-03  PC1   running      4h12m33.8s
f2207be1  998     d41c77e5  node-c2-01  C2    running      6m1.2s
00000000  1041    6b1f2c90  node-p1-03  PC1   assigned(0)  12m4s
`;

export const INFO = `Enabled subsystems (from miner API): [Mining Sealing SectorStorage Markets]
Enabled subsystems (from markets API): [Mining Sealing SectorStorage Markets]
Chain: [sync ok] [basefee 211.611 pFIL]
Miner: f01234 (32 GiB sectors)
Power: 121 Ti / 9.93 Ei (0.0012%)
\tRaw: 45.75 TiB / 9.93 EiB (0.0004%)
\tCommitted: 46 TiB
\tProving: 45.75 TiB (64 GiB Faulty, 0.14%)
Projected average block win rate: 1.17/week (every 143h17m46s)
Projected block win with 99.9% probability every 989h49m35s
(projections DO NOT account for future network and miner growth)

Miner Balance:    1633.652 FIL
      PreCommit:  410.976 mFIL
      Pledge:     945.825 FIL
      Vesting:    251.299 FIL
      Available:  436.117 FIL
Market Balance:   0
       Locked:    0
       Available: 0
Worker Balance:   17.853 FIL
       Control:   530.753 FIL
Total Spendable:  984.723 FIL

Sectors:
\tTotal: 1480
\tProving: 1450
\tPacking: 14
\tPreCommit1: 12
\tPreCommit2: 1
\tWaitSeed: 2
\tSealPreCommit1Failed: 1

Storage Deals: 42, 581.5 GiB
      Active:            39  485.5 GiB (Verified: 39 485.5 GiB)
      AwaitingPreCommit: 3   96 GiB    (Verified: 0  0 B)

Retrieval Deals (complete): 0, 0 B
`;

export const PROVING_INFO = `Miner: f01234
Current Epoch:           1031537
Proving Period Boundary: 1860
Proving Period Start:    1030020 (12 hours 38 minutes ago)
Next Period Start:       1032900 (in 11 hours 21 minutes)

Faults:      3 (0.00%)
Recovering:  0
Deadline Index:       25
Deadline Sectors:     2120
Deadline Open:        1031520 (8 minutes 30 seconds ago)
Deadline Close:       1031580 (in 21 minutes 30 seconds)
Deadline Challenge:   1031500 (18 minutes 30 seconds ago)
Deadline FaultCutoff: 1031450 (43 minutes 30 seconds ago)
`;

const SECTORS: Readonly<Record<number, readonly [number, number, number, number]>> = {
  2: [1, 2349, 0, 0],
  3: [2, 4698, 3, 0],
  25: [1, 2120, 0, 1],
  26: [1, 512, 0, 0],
};
const deadline = (index: number): string => {
  const [partitions, sectors, faults, proven] = SECTORS[index] ?? [0, 0, 0, 0];
  const cells = [String(index).padEnd(8), String(partitions).padEnd(10), `${sectors} (${faults})`.padEnd(16)];
  return `${cells.join('  ')}  ${proven}${index === 25 ? '  (current)' : ''}`;
};
export const DEADLINES = `Miner: f01234
deadline  partitions  sectors (faults)  proven partitions
${Array.from({ length: 48 }, (_, index) => deadline(index)).join('\n')}
`;

export const DEADLINE = `Deadline Index:           3
Partitions:               2
Proven Partitions:        0
Current:                  false

Partition Index:          0
Sectors:                  2349
Sector Numbers:           [1 2 3]
Faults:                   3
Faulty Sectors:           [1 2 3]

Partition Index:          1
Sectors:                  2349
Sector Numbers:           [4 5 6]
Faults:                   0
Faulty Sectors:           []
`;

const back = '\r\u001b[2K\u001b[A';
/** As it comes through a pipe: each round takes back the lines of the one before. */
export const SYNC_WAIT = `Worker: 48; Base: 1031200; Target: 1031537 (diff: 337)
State: message sync; Current Epoch: 1031390; Todo: 147
${back.repeat(2)}Worker: 48; Base: 1031200; Target: 1031537 (diff: 337)
State: message sync; Current Epoch: 1031426; Todo: 111
Validated 9210 messages (145 per second)
${back.repeat(3)}Worker: 48; Base: 1031200; Target: 1031537 (diff: 337)
State: complete; Current Epoch: 1031537; Todo: 0
`;

export const SYNC_STATUS = `sync status:
worker 48:
\tBase:\t[bafy2bzacea bafy2bzaceb]
\tTarget:\t[bafy2bzacec] (1031537)
\tHeight diff:\t1
\tStage: complete
\tHeight: 1031537
\tElapsed: 2.345678901s
worker 49:
\tBase:\t[bafy2bzacec]
\tTarget:\t[] (0)
\tHeight diff:\t0
\tStage: error
\tHeight: 0
\tError: context canceled
`;

export const NODE_STATUS = `Sync Epoch: 1031537
Epochs Behind: 0
Peers to Publish Messages: 4
Peers to Publish Blocks: 5
`;

export const BLS = `f3${'a'.repeat(84)}`;
export const OTHER_BLS = `f3${'b'.repeat(84)}`;
export const SECP = `f1${'c'.repeat(39)}`;

export const WALLETS = `Address                                                                                 Balance                    Nonce  Default  
${BLS}  12.004599227037176968 FIL  41     X        
${SECP}                                               0 FIL                      0               
`;

export const WALLETS_OF_MARKET = `Address                                                                                 ID      Balance  Market(Avail)  Market(Locked)  Nonce  
${BLS}  f01001  1.5 FIL  0 FIL          0 FIL           3      
${SECP}                                               n/a     0 FIL    0 FIL          0 FIL           0      
${OTHER_BLS}  
  Error: failed to load state tree
`;

export const WORKER_INFO = `Worker version:  1.1.0
CLI version: lotus-worker version 1.11.1+mainnet+git.15d90c24e

Session: 3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11
Enabled: true
Hostname: node-p1-03
CPUs: 64; GPUs: [GeForce RTX 3090]
RAM: 503.3 GiB; Swap: 0 B
Reserved memory: 20 GiB
Task types: FIN GET C1 PC1 AP 

7b6a1c1e-0d5e-4a6f-9c55-6a0b0a7a2f10:
\tWeight: 10; Use: Seal 
\tLocal: /data/seal
`;

export const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJBbGxvdyI6WyJyZWFkIl19.ZmNvcHMtZGVtby10b2tlbg';

const logged = (level: string, text: string): string =>
  `2021-08-17T10:11:12.345+0800\t${level}\tmain\tlotus-miner/init.go:201\t${text}\n`;
export const INIT_LOG = [
  'Initializing lotus miner',
  'Checking proof parameters',
  'Trying to connect to full node RPC',
  'Checking full node sync status',
  'Checking if repo exists',
  'Checking full node version',
  'Initializing repo',
  'Initializing libp2p identity',
  'Pushed CreateMiner message: bafy2bzaced',
  'Waiting for confirmation',
  'New miners address is: f01234 (f2abc)',
  'Created new miner: f01234',
  "Miner successfully created, you can now start it with 'lotus-miner run'",
]
  .map((text) => logged('INFO', text))
  .join('');
export const INIT_FAILED = `${INIT_LOG.split('\n').slice(0, 9).join('\n')}
${logged('ERROR', 'Failed to initialize lotus-miner: creating miner failed: exit code 1')}${logged('INFO', 'Cleaning up /opt/raid0/lotusminer after attempt...')}ERROR: Storage-miner init failed

`;
/** A warning in the log of a worker, whose exit status is 0 all the same. */
export const WORKER_WARNING =
  '2021-08-17T10:11:12.345+0800\tWARN\tmain\tlotus-worker/main.go:75\tcould not get api info: could not get api endpoint: API not running (no endpoint)\n';

/** A store, APx's cache, one that could not be asked, and one that is only read: two after it have no empty line. */
export const STORAGE_LIST = `a1f3c0de-0d5e-4a6f-9c55-6a0b0a7a2f11:
\t[#######################                           ] 45.75 TiB/100 TiB 45%
\tUnsealed: 0; Sealed: 1450; Caches: 1450; Reserved: 0 B
\tWeight: 10; Use: Store
\tLocal: /ceph
\tURL: http://10.0.0.1:2345/remote

7b6a1c1e-0d5e-4a6f-9c55-6a0b0a7a2f10:
\t[######################*******                     ] 17.7 TiB/30 TiB 59%
\tUnsealed: 3; Sealed: 20; Caches: 22; Reserved: 4 TiB
\tWeight: 10; Use: Seal${' '}
\tURL: http://10.0.0.50:11000/remote (latency: 2.2ms)

c3f3c0de-0d5e-4a6f-9c55-6a0b0a7a2f13:
\tError: fsstat: connection refused:
b2f3c0de-0d5e-4a6f-9c55-6a0b0a7a2f12:
\t[#########################                         ] 1 TiB/2 TiB 50%
\tUnsealed: 0; Sealed: 0; Caches: 0; Reserved: 0 B
\tUse: ReadOnly\tURL: http://10.0.0.51:3456/remote (latency: 2.2ms)
\tURL: http://10.0.0.52:3456/remote

`;

export const SCHED_DIAG = `{
  "CallToWork": {
    "1234-1017-8c3d91aa-5a51-4d3e-9f2e-0c6d2b7f1a11": "seal/v0/precommit/1([])"
  },
  "EarlyRet": null,
  "ReturnedWork": null,
  "SchedInfo": {
    "OpenWindows": [
      "6b1f2c90-5a51-4d3e-9f2e-0c6d2b7f1a11"
    ],
    "Requests": [
      {
        "Priority": 1024,
        "Sector": {
          "Miner": 1234,
          "Number": 1042
        },
        "TaskType": "seal/v0/precommit/2"
      },
      {
        "Priority": 0,
        "Sector": {
          "Miner": 1234,
          "Number": 998
        },
        "TaskType": "seal/v0/commit/2"
      }
    ]
  },
  "Waiting": null
}
`;

export const SECTORS_LIST = `ID  State                 OnChain  Active  Expiration                    Deals  
0   Proving               YES      YES     2570000 (in 1 year 24 weeks)  CC     
1   Proving               YES      NO      2571200 (in 1 year 24 weeks)  CC     
  RecoveryTimeout: 1066000 (in 1 week 4 days)
7   PreCommit1            NO       NO      n/a                           CC     
8   SealPreCommit1Failed  NO       NO      n/a                           2      
9                                                                               
  Error: getting sector info: datastore: key not found
`;

export const SECTOR_STATUS = `SectorID:\t1041
Status:\t\tSealPreCommit2Failed
CIDcommD:\t<nil>
CIDcommR:\t<nil>
Ticket:\t\t54a25e80
TicketH:\t201929
Seed:\t\t
SeedH:\t\t0
Precommit:\t<nil>
Commit:\t\t<nil>
Proof:\t\t
Deals:\t\t[0]
Retries:\t0
--------
Event Log:
0.\t2021-08-17 10:11:12 +0800 CST:\t[event;sealing.SectorStartCC]\t{"User":{"ID":1041,"SectorType":9}}
1.\t2021-08-17 16:11:12 +0800 CST:\t[event;sealing.SectorSealPreCommit2Failed]\t{"User":{}}
\tseal pre commit(2) failed:
    github.com/filecoin-project/lotus/extern/storage-sealing.(*Sealing).handlePreCommit2
        /root/lotus/extern/storage-sealing/states_sealing.go:241
  - storage call error 0: no space left on device
2.\t2021-08-17 16:12:12 +0800 CST:\t[event;sealing.SectorForceState]\t{"User":{"State":"SealPreCommit2Failed"}}
`;
/** `lotus state miner-info`. */
export const CHAIN_MINER =
  'Available Balance: 436.117 FIL\nOwner:\tf01001\nWorker:\tf01002\nControl 0: \tf01003\nPeerID:\t12D3KooWAbc\nMultiaddrs:\t/ip4/10.0.0.5/tcp/24001 \nConsensus Fault End:\t-1\nSectorSize:\t64 GiB (68719476736)\n';
