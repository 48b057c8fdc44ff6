import { gunzipSync, gzipSync } from 'node:zlib';
import { look } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { redactor } from '../../core/secret.ts';
import type { Gathered } from './gathered.ts';
import { filesOfTar, tarOf } from './tar.ts';
import { traceIn, withoutTraces } from './traces.ts';

/** An archive that has no secret in it. */
export interface SupportArchive {
  readonly bytes: Buffer;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** What could not be had, and why. */
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

/** What an archive is of. */
export interface ArchiveOf {
  /** The directory that all of its files are in. */
  readonly directory: string;
  /** First lines of its index: versions, when, of what. */
  readonly about: readonly string[];
  /** Seconds since 1970. */
  readonly at: number;
}

/**
 * Makes one archive (tar.gz) of what was gathered, with an index that names what is there and what is not. Secrets are
 * masked in it, then it is read again as whoever gets it would: an FcopsError says where one is left, and there is no
 * archive.
 */
export const supportArchive = (
  gathered: readonly Gathered[],
  secrets: readonly string[],
  { directory, about, at }: ArchiveOf,
): SupportArchive => {
  const encoded = withoutTraces(secrets);
  const plain = redactor(secrets);
  const mask = (text: string) => encoded(plain(text));
  const texts = gathered.flatMap((one) =>
    'text' in one ? [{ name: one.name, bytes: Buffer.from(mask(one.text)) }] : [],
  );
  const missing = gathered.flatMap((one) => ('why' in one ? [{ name: one.name, why: mask(one.why) }] : []));
  const sized = texts.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  const index = indexText(about.map(mask), sized, missing);
  const files = [{ name: 'index.txt', bytes: Buffer.from(index) }, ...texts];
  const bytes = gzipSync(
    tarOf(
      files.map((file) => ({ ...file, name: `${directory}/${file.name}` })),
      at,
    ),
    { level: 9 },
  );
  refuseSecrets(bytes, secrets);
  return { bytes, files: [{ name: 'index.txt', bytes: index.length }, ...sized], missing };
};

const indexText = (
  about: readonly string[],
  files: SupportArchive['files'],
  missing: SupportArchive['missing'],
): string =>
  [
    ...about,
    '',
    'In this archive:',
    ...files.map(({ name, bytes }) => `  ${name} (${bytes} bytes)`),
    '',
    missing.length === 0 ? 'Nothing is missing.' : 'Not in this archive:',
    ...missing.map(({ name, why }) => `  ${name}: ${why.replace(/\s+/g, ' ')}`),
    '',
  ].join('\n');

/** Reads an archive as whoever gets it would, and throws an FcopsError where a secret is in it in any form. */
export const refuseSecrets = (archive: Uint8Array, secrets: readonly string[]): void => {
  for (const { name, bytes } of filesOfTar(gunzipSync(archive))) {
    const how = traceIn(`${name}\n${Buffer.from(bytes).toString('utf8')}`, secrets);
    if (how === null) continue;
    throw new FcopsError({
      kind: 'secret',
      what: `a secret would be in the archive, ${how}: no archive is written`,
      where: { file: name },
      next: [
        look('take what is needed by hand: fcops status, logs and plan mask it; this is a defect of fcops'),
      ],
    });
  }
};
