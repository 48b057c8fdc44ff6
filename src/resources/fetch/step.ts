import * as z from 'zod';
import { contentSchema, revealedText } from '../../core/content.ts';
import { throughProxy, words } from '../../core/shell.ts';
import { dataDocument, stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Downloads one large file that is checked before anybody sees it; what broke off goes on where it was. */
export const fetchFile = stepKind({
  schema: z.strictObject({
    step: z.literal('fetch-file'),
    url: z.string(),
    sha256: z.string(),
    path: z.string(),
    /** `user:password` for the server; null where it asks for none. */
    credentials: contentSchema.nullable(),
    proxy: z.string().nullable(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ url, sha256, path, credentials, proxy }, reveal) => {
    const command = throughProxy(proxy, words('fetch_file', url, sha256, path));
    if (credentials === null) return `${command} </dev/null`;
    return `${command} ${dataDocument(revealedText(credentials, reveal))}`;
  },
});
