import * as z from 'zod';
import { contentSchema, revealedText } from '../../core/content.ts';
import { throughProxy, words } from '../../core/shell.ts';
import { dataDocument, stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that an archive may take: a slow link, and a server with many hosts at it. */
export const ARCHIVE_DEADLINE = 3600;

/** Downloads, checks and unpacks an archive: its directory is complete, or not there at all. */
export const putArchive = stepKind({
  schema: z.strictObject({
    step: z.literal('put-archive'),
    url: z.string(),
    sha256: z.string(),
    directory: z.string(),
    keep: z.int(),
    links: z.array(z.string()).readonly(),
    members: z.array(z.string()).readonly(),
    /** `user:password` for the server; null where it asks for none. */
    credentials: contentSchema.nullable(),
    proxy: z.string().nullable().default(null),
    deadline: z.int(),
  }),
  shell,
  bash: ({ url, sha256, directory, keep, links, members, credentials, proxy }, reveal) => {
    const command = throughProxy(
      proxy,
      words('put_archive', url, sha256, directory, String(keep), ...links, '--', ...members),
    );
    if (credentials === null) return `${command} </dev/null`;
    return `${command} ${dataDocument(revealedText(credentials, reveal))}`;
  },
});
