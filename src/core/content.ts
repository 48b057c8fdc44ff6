import * as z from 'zod';
import { remember } from './remember.ts';
import { MASK } from './secret.ts';
import { sha256 } from './sha256.ts';
import { quote } from './shell.ts';

/** A secret that stands in a text, by its name (`env F0494733_TOKEN`); `shell`: as one shell word. */
const secretSegmentSchema = z.strictObject({ secret: z.string(), as: z.enum(['plain', 'shell']) });

/**
 * A text as it can be kept, compared and shown: pieces of text, and the names of secrets between them. Their
 * values come in when it is sent to a host, and nowhere before.
 */
export const contentSchema = z.array(z.union([z.string(), secretSegmentSchema])).readonly();
export type Content = z.infer<typeof contentSchema>;
export type SecretSegment = z.infer<typeof secretSegmentSchema>;

/** Gives the value of a secret by its name. Throws an FcopsError where it is missing. */
export type Reveal = (secret: string) => string;

/** The content in its one form: no empty pieces, no two pieces of text beside each other. */
export const contentOf = (...segments: Content): Content => {
  const joined: (string | SecretSegment)[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (typeof segment === 'string' && typeof last === 'string') joined[joined.length - 1] = last + segment;
    else if (segment !== '') joined.push(segment);
  }
  return joined;
};

/** The lines of a content, without their ends. */
export const contentLines = (content: Content): Content[] => {
  const [only] = content;
  if (content.length === 1 && typeof only === 'string') return only.split('\n').map((line) => [line]);
  const lines: Content[number][][] = [[]];
  for (const segment of content) {
    if (typeof segment !== 'string') lines.at(-1)?.push(segment);
    else
      for (const [index, part] of segment.split('\n').entries()) {
        if (index > 0) lines.push([]);
        if (part !== '') lines.at(-1)?.push(part);
      }
  }
  return lines.map((line) => contentOf(...line));
};

/** Names of the secrets in it, each once. */
export const secretsIn = (content: Content): string[] => [
  ...new Set(content.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.secret]))),
];

/** With a mask for each secret: what may be shown. */
export const maskedText = (content: Content): string =>
  content.map((segment) => (typeof segment === 'string' ? segment : MASK)).join('');

/** With the values of its secrets: only for what is on its way to a host. */
export const revealedText = (content: Content, reveal: Reveal): string =>
  content
    .map((segment) => {
      if (typeof segment === 'string') return segment;
      const value = reveal(segment.secret);
      return segment.as === 'shell' ? quote(value) : value;
    })
    .join('');

/** sha256 of the revealed text, as UTF-8, in lower-case hex. */
export type Digest = (content: Content) => string;

/** The look asks by the sum, and the comparison goes by it: it is worked out once. */
export const digestBy = (reveal: Reveal): Digest =>
  remember((content) => sha256(revealedText(content, reveal)));
