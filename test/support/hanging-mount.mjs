/**
 * `node hanging-mount.mjs PID DIRECTORY SWITCH`: a real file system in user space, mounted at DIRECTORY of the host whose
 * process is PID, as ceph-fuse would be. It speaks to the kernel by itself, so nothing has to be installed. There is one
 * file in it, `file`. While the file SWITCH exists it takes requests and answers none: who touches the mount then waits
 * in the kernel where no signal reaches it, as with a server that has gone. If SWITCH holds the word `file`, only who asks for
 * that waits, as where a part of a storage is gone. With its end all of them get an error.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

const [, , pid = '', directory = '', off = ''] = process.argv;
const TEXT = 'of the storage\n';
const [ROOT, FILE] = [1n, 2n];
const [ENOENT, ENOSYS] = [-2, -38];

/** Numbers of requests (linux/fuse.h). */
const [LOOKUP, FORGET, GETATTR, OPEN, READ, STATFS, RELEASE] = [1, 2, 3, 14, 15, 17, 18];
const [FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR, INTERRUPT, BATCH_FORGET] = [25, 26, 27, 28, 29, 36, 42];

const device = openSync('/dev/fuse', 'r+');
const options = 'fd=3,rootmode=40000,user_id=0,group_id=0,allow_other';
const mount = ['mount', '-i', '-t', 'fuse.ceph-fuse', '-o', options, 'ceph-fuse', directory];
const { status } = spawnSync('nsenter', ['-t', pid, '-r', '-m', ...mount], {
  stdio: ['ignore', 'inherit', 'inherit', device],
});
if (status !== 0) process.exit(1);

const attributes = (node) => {
  const bytes = Buffer.alloc(88);
  bytes.writeBigUInt64LE(node, 0);
  bytes.writeBigUInt64LE(node === FILE ? BigInt(TEXT.length) : 0n, 8);
  bytes.writeUInt32LE(node === FILE ? 0o100644 : 0o040755, 60);
  bytes.writeUInt32LE(node === FILE ? 1 : 2, 64);
  bytes.writeUInt32LE(4096, 80);
  return bytes;
};

/** A node and what it is, nothing of it kept by the kernel. */
const entry = (node) => {
  const bytes = Buffer.alloc(40);
  bytes.writeBigUInt64LE(node, 0);
  return Buffer.concat([bytes, attributes(node)]);
};

const version = () => {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(7, 0);
  bytes.writeUInt32LE(31, 4);
  bytes.writeUInt16LE(12, 16);
  bytes.writeUInt16LE(10, 18);
  bytes.writeUInt32LE(65536, 20);
  return bytes;
};

/** 1000 blocks of 4096 bytes, half of them free. */
const room = () => {
  const bytes = Buffer.alloc(80);
  for (const [index, blocks] of [1000n, 500n, 500n].entries()) bytes.writeBigUInt64LE(blocks, 8 * index);
  bytes.writeUInt32LE(4096, 40);
  bytes.writeUInt32LE(255, 44);
  bytes.writeUInt32LE(4096, 48);
  return bytes;
};

/** The answer to a request: bytes, an error, or null for none. */
const answerTo = (operation, node, rest) => {
  switch (operation) {
    case INIT:
      return version();
    case LOOKUP:
      return node === ROOT && rest.toString('utf8', 0, rest.length - 1) === 'file' ? entry(FILE) : ENOENT;
    case GETATTR:
      return Buffer.concat([Buffer.alloc(16), attributes(node)]);
    case STATFS:
      return room();
    case OPEN:
    case OPENDIR:
      return Buffer.alloc(16);
    case READ:
      return Buffer.from(TEXT.slice(Number(rest.readBigUInt64LE(8))));
    case READDIR:
    case RELEASE:
    case RELEASEDIR:
    case FLUSH:
      return Buffer.alloc(0);
    case FORGET:
    case BATCH_FORGET:
    case INTERRUPT:
      return null;
    default:
      return ENOSYS;
  }
};

console.log('mounted');
const request = Buffer.alloc(1 << 20);
for (;;) {
  let length = 0;
  try {
    length = readSync(device, request, 0, request.length, null);
  } catch (error) {
    // A request that was called back in the meantime; anything else is the end of the mount.
    if (error.code === 'ENOENT' || error.code === 'EINTR') continue;
    process.exit(0);
  }
  const operation = request.readUInt32LE(4);
  const rest = request.subarray(40, length);
  const part = existsSync(off) ? readFileSync(off, 'utf8') : null;
  if (operation !== INIT && (part === '' || (part === 'file' && rest.toString() === 'file\0'))) continue;
  const answer = answerTo(operation, request.readBigUInt64LE(16), rest);
  if (answer === null) continue;
  const body = typeof answer === 'number' ? Buffer.alloc(0) : answer;
  const head = Buffer.alloc(16);
  head.writeUInt32LE(head.length + body.length, 0);
  head.writeInt32LE(typeof answer === 'number' ? answer : 0, 4);
  head.writeBigUInt64LE(request.readBigUInt64LE(8), 8);
  try {
    writeSync(device, Buffer.concat([head, body]));
  } catch {
    // Who asked has gone.
  }
}
