import { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inWholePackets } from '../../../../src/transport/ssh2/whole-packets.ts';

/** A stream that tells what it was given at once. */
const stream = (highWaterMark = 1024) => {
  const sent: string[] = [];
  const socket = inWholePackets(
    new Duplex({
      highWaterMark,
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        sent.push(`${chunk}`);
        done();
      },
      writev: (chunks, done) => {
        sent.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
        done();
      },
    }),
  );
  return { sent, socket };
};

it('what is written in one turn goes out together, and turns one after the other', async () => {
  const { sent, socket } = stream();
  for (const part of ['length', 'body', 'tag']) socket.write(part);
  expect(sent).toEqual([]);
  await nextTurn();
  expect(sent).toEqual(['lengthbodytag']);
  socket.write('next');
  await nextTurn();
  expect(sent).toEqual(['lengthbodytag', 'next']);
});

it('the last words are sent, and whoever waits for them is told', async () => {
  const { sent, socket } = stream();
  let written = 0;
  socket.write('bye', () => written++);
  socket.write('now', 'utf8', () => written++);
  socket.end().resume();
  await finished(socket, { readable: false });
  expect([sent, written]).toEqual([['byenow'], 2]);
});

it('it is told that a stream is full, and when no more', async () => {
  const { socket } = stream(8);
  expect([socket.write('1234'), socket.write('56789')]).toEqual([true, false]);
  await new Promise((resolve) => socket.once('drain', resolve));
  expect(socket.writableLength).toBe(0);
});

it.each([
  { uncorked: true, sends: ['bye'] },
  { uncorked: false, sends: [] },
])(
  'one that is destroyed in the same turn sends $sends where it was uncorked before: $uncorked',
  async ({ uncorked, sends }) => {
    const { sent, socket } = stream();
    socket.write('bye');
    if (uncorked) socket.uncork();
    socket.destroy();
    await nextTurn();
    expect([sent, socket.errored]).toEqual([sends, null]);
  },
);
