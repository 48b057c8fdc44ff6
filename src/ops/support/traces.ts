import { MASK, SHORTEST_SECRET, secretForms } from '../../core/secret.ts';

/** A way in which a secret may stand in a text. */
export interface Trace {
  readonly how: 'as it is' | 'in base64' | 'in an address' | 'in hexadecimal';
  readonly text: string;
}

/** All ways in which anybody has to expect a secret: as it is, within base64, percent-encoded, in hexadecimal. */
export const tracesOf = (secret: string): readonly Trace[] => {
  const value = secret.trim();
  if (value.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const percent = encodeURIComponent(value);
  const all: readonly Trace[] = [
    ...secretForms(value).map((text) => ({ how: 'as it is', text }) as const),
    ...withinBase64(bytes).map((text) => ({ how: 'in base64', text }) as const),
    ...[percent, percent.replaceAll('%20', '+'), hex.replaceAll(/../g, '%$&')].map(
      (text) => ({ how: 'in an address', text }) as const,
    ),
    { how: 'in hexadecimal', text: hex },
  ];
  return [...new Map(all.map((trace) => [trace.text, trace])).values()];
};

/**
 * What base64 of anything with these bytes in it has in it (`user:password` of HTTP): three bytes are four letters, so
 * that they stand there in one of three ways. Letters that hold bits of what stands beside are left out.
 */
const withinBase64 = (bytes: Buffer): readonly string[] =>
  [0, 1, 2].flatMap((before) => {
    const letters = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const text = letters.slice(from, whole);
    return text.length < SHORTEST_SECRET ? [] : [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });

/** Masks secrets in a text in every way in which they may stand in it; of what is as it is a redactor has taken care. */
export const withoutTraces = (secrets: readonly string[]): ((text: string) => string) => {
  const traces = secrets.flatMap(tracesOf).map(({ text }) => text);
  if (traces.length === 0) return (text) => text;
  const any = new RegExp(
    [...new Set(traces)]
      .sort((a, b) => b.length - a.length)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('|'),
    'gi',
  );
  return (text) => text.replace(any, MASK);
};

/** How a secret stands in a text, blanks and line ends between its letters or not; null: it does not. */
export const traceIn = (text: string, secrets: readonly string[]): Trace['how'] | null => {
  const small = text.toLowerCase();
  const close = small.replace(/\s+/g, '');
  const found = secrets.flatMap(tracesOf).find(({ text: trace }) => {
    const looked = trace.toLowerCase();
    return small.includes(looked) || close.includes(looked.replace(/\s+/g, ''));
  });
  return found?.how ?? null;
};
