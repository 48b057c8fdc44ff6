/** A file in an archive. */
export interface TarFile {
  /** At most 100 bytes of ASCII, without a slash before it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/** An archive as any tar reads it (POSIX ustar): files of root that only their owner reads. `mtime`: seconds since 1970. */
export const tarOf = (files: readonly TarFile[], mtime: number): Buffer =>
  Buffer.concat([
    ...files.flatMap(({ name, bytes }) => [
      header(name, bytes.length, mtime),
      bytes,
      Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
    ]),
    Buffer.alloc(2 * BLOCK),
  ]);

const header = (name: string, size: number, mtime: number): Buffer => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be.
  if (!/^[^\u0000-\u001f\u007f-\uffff/][^\u0000-\u001f\u007f-\uffff]{0,99}$/.test(name))
    throw new RangeError(`${JSON.stringify(name)} is no name of a file in an archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (number: number, digits: number) => number.toString(8).padStart(digits, '0');
  block.write(name, 0, 'latin1');
  block.write(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, 'latin1');
  block.write(`${octal(size, 11)}\0${octal(Math.floor(mtime), 11)}\0`, 124, 'latin1');
  block.write('        0', 148, 'latin1');
  block.write('ustar\u000000root', 257, 'latin1');
  block.write('root', 297, 'latin1');
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
    'latin1',
  );
  return block;
};

/** The files of such an archive. Throws a RangeError for anything else. */
export const filesOfTar = (archive: Uint8Array): readonly TarFile[] => {
  const all = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  const files: TarFile[] = [];
  for (let at = 0; at + BLOCK <= all.length; ) {
    const name = all.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') return files;
    const size = Number.parseInt(all.toString('latin1', at + 124, at + 136), 8);
    if (!(size >= 0) || at + BLOCK + size > all.length) throw new RangeError('this is no archive of ours');
    files.push({ name, bytes: all.subarray(at + BLOCK, at + BLOCK + size) });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new RangeError('this archive broke off');
};
