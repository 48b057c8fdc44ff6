import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { again, edit } from '../../core/next.ts';
import type { Place, Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ArtifactServer, ArtifactServers } from './artifact-server.ts';
import { serverOf } from './artifact-server.ts';
import { decoded } from './http-get.ts';

/** Where an archive is that somebody names. */
export type ArtifactSource =
  | { readonly type: 'file'; readonly name: string; readonly file: string }
  | {
      readonly type: 'url';
      readonly name: string;
      readonly url: URL;
      /** Whose user and password it is asked with; undefined: nobody's. */
      readonly server: ArtifactServer | undefined;
    };

/**
 * What a word of the command line stands for: a URL, a file, or the name of an archive at the server of the inventory.
 * `servers` is called where it is no file.
 */
export const artifactSource = (
  word: string,
  servers: () => ArtifactServers,
): Result<ArtifactSource, Problem> => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) return fromUrl(word, servers);
  if (statSync(word, { throwIfNoEntry: false }))
    // A name alone may be meant as that of an archive at the server: it is shown as what it is.
    return ok({ type: 'file', name: basename(word), file: word.includes('/') ? word : `./${word}` });
  if (word.includes('/')) return err(noFile(word));
  return fromServers(word, servers());
};

const fromUrl = (word: string, servers: () => ArtifactServers): Result<ArtifactSource, Problem> => {
  const url = URL.canParse(word) ? new URL(word) : null;
  // What stands before an @ may be a password.
  if (!url)
    return err(usage(`${word.replace(/\/\/.*@/, '//…@')} is no URL`, 'look for a slip of the keyboard'));
  if (!/^https?:$/.test(url.protocol))
    return err(usage(`${shownUrl(url)}: only http and https are read`, 'download it, and name the file'));
  const name = nameIn(url);
  if (name === '') return err(usage(`${shownUrl(url)} is a directory`, 'name an archive in it'));
  return ok({ type: 'url', name, url, server: serverOf(url, servers().known) });
};

const fromServers = (name: string, { known, unsaid }: ArtifactServers): Result<ArtifactSource, Problem> => {
  const [first] = known;
  const [place] = unsaid;
  if (!first) return err(place ? noServer(name, place) : noFile(name));
  if (known.some(({ url }) => url !== first.url))
    return err(
      usage(
        `there is no file ${name}, and more than one server that may have it`,
        `say which: ${known.map(({ miner }) => `--miner ${miner}`).join(' or ')}`,
      ),
    );
  return ok({ type: 'url', name, url: new URL(`${first.url}/${encodeURIComponent(name)}`), server: first });
};

/** A URL as it may be shown: without user and password, and without a query, which may be a signature. */
export const shownUrl = ({ protocol, host, pathname, search }: URL): string =>
  `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`;

/** What stands beside it. */
export const besides = (url: URL, name: string): URL => {
  const beside = new URL(url);
  beside.pathname = url.pathname.replace(/[^/]*$/, encodeURIComponent(name));
  beside.search = '';
  return beside;
};

const nameIn = ({ pathname }: URL): string => decoded(pathname.slice(pathname.lastIndexOf('/') + 1));

const noServer = (name: string, where: Place): Problem => ({
  kind: 'inventory',
  what: `there is no file ${name}, and no server that may have it: \`artifacts.url\` is not filled in`,
  where,
  next: [
    edit('write the URL of the directory there, like http://artifacts.example.com/application/filecoin'),
    again(),
  ],
});

const noFile = (file: string): Problem => ({
  kind: 'file',
  what: 'there is no such file',
  where: { file },
  next: [edit('name a file or a URL; of an archive at the server of the inventory its name is enough')],
});

const usage = (what: string, next: string): Problem => ({ kind: 'usage', what, next: [edit(next)] });
