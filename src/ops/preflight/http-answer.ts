/** What came of asking a server, whoever asked. */
export type HttpAnswer =
  /** It answered with a status; `url`: where redirects have led, null: nowhere else, or not told. */
  | { readonly type: 'status'; readonly code: number; readonly url: string | null; readonly body: string }
  /** There is a connection, and what comes over it is no HTTP: its first line. Empty: nothing came. */
  | { readonly type: 'other'; readonly line: string }
  /** There is a connection, and nothing more is known. */
  | { readonly type: 'connected' }
  | { readonly type: 'name'; readonly why: string }
  | { readonly type: 'refused'; readonly why: string }
  | { readonly type: 'no route'; readonly why: string }
  /** It gave no answer in time; `connected`: there was a connection by then. */
  | { readonly type: 'late'; readonly connected: boolean }
  | { readonly type: 'tls'; readonly why: string }
  | { readonly type: 'broken'; readonly why: string }
  /** The host has no program that could ask. */
  | { readonly type: 'nobody' };

/** Whether another finding says already why nobody answered: the name is not found. */
export const isOfName = (answer: HttpAnswer, name: 'known' | 'unknown' | 'late' | undefined): boolean =>
  (answer.type === 'name' && name !== undefined && name !== 'known') ||
  (answer.type === 'late' && !answer.connected && (name === 'late' || name === 'unknown'));

/** How timeout (coreutils) ends where it had to end, or kill, what it ran. */
const LATE: readonly (number | null)[] = [124, 137];

/** Reads what fcops_request of preflight.sh has printed: a line `connected`, what came, and how it ended. */
export const readRequest = (said: string): HttpAnswer => {
  const { text, status } = ending(said);
  const connected = /^connected$/m.exec(text);
  if (!connected) {
    if (LATE.includes(status)) return { type: 'late', connected: false };
    return byWords(text);
  }
  const came = text.slice(connected.index + connected[0].length).replace(/^\n/, '');
  const [head = '', ...rest] = came.split(/\r?\n\r?\n/);
  const [, code] = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(head) ?? [];
  if (code !== undefined)
    return { type: 'status', code: Number(code), url: null, body: rest.join('\n\n').trim() };
  const [line = ''] = came.trim().split('\n');
  if (line.trim() !== '') return { type: 'other', line: line.trim() };
  return LATE.includes(status) ? { type: 'late', connected: true } : { type: 'other', line: '' };
};

/** Reads what a download that was only tried has said: by curl, by wget, or by bash itself. */
export const readDownload = (way: string, said: string): HttpAnswer => {
  switch (way) {
    case 'curl':
      return byCurl(said);
    case 'wget':
      return byWget(said);
    default:
      return ending(said).status === null ? { type: 'nobody' } : readRequest(said);
  }
};

const ending = (said: string): { readonly text: string; readonly status: number | null } => {
  const [whole, status] = /\n?ended (\d+|none)\s*$/.exec(said) ?? [];
  return {
    text: whole === undefined ? said : said.slice(0, said.length - whole.length),
    status: status === undefined || status === 'none' ? null : Number(status),
  };
};

const TLS: readonly (number | null)[] = [35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91];
const LONGEST = 200;

const byCurl = (said: string): HttpAnswer => {
  const { text, status } = ending(said);
  const [, code = '000', url = ''] = /^code (\d{3}) ?(\S*)/m.exec(text) ?? [];
  const why = (/^curl: (?:\(\d+\) )?(.*)/m.exec(text)?.[1] ?? `curl ended with status ${status ?? 'unknown'}`)
    .trim()
    .slice(0, LONGEST);
  // A server that closes too soon after its answer has answered.
  if (code !== '000') return { type: 'status', code: Number(code), url: url === '' ? null : url, body: '' };
  if (status === 5 || status === 6) return { type: 'name', why };
  if (status === 7) return /[Rr]efused|[Ff]ailed to connect/.test(why) ? refusedOr(why) : byWords(why);
  if (status === 28) return { type: 'late', connected: !/[Cc]onnect(ion)? tim/.test(why) };
  if (TLS.includes(status)) return { type: 'tls', why };
  return { type: 'broken', why };
};

/** curl calls all of them a failure to connect. */
const refusedOr = (why: string): HttpAnswer =>
  /route|unreachable/i.test(why) ? { type: 'no route', why } : { type: 'refused', why };

const byWget = (said: string): HttpAnswer => {
  const { text, status } = ending(said);
  if (status === null) return { type: 'nobody' };
  // The first answer may have asked for the password.
  const codes = [...text.matchAll(/^\s*HTTP\/\d(?:\.\d)? (\d{3})/gm)].map(([, code]) => Number(code));
  const code = codes.at(-1);
  if (code !== undefined) return { type: 'status', code, url: null, body: '' };
  if (LATE.includes(status) || /timed out/i.test(text)) return { type: 'late', connected: false };
  if (status === 5) return { type: 'tls', why: lastLine(text) };
  return byWords(text);
};

const lastLine = (text: string): string => (text.trim().split('\n').at(-1) ?? '').trim().slice(0, LONGEST);

/** Why there was no connection, in the words of the C library. */
const byWords = (text: string): HttpAnswer => {
  const why = lastLine(text).replace(/^.*?line \d+: /, '');
  if (
    /(Name or service not known|name resolution|unable to resolve|not known|No address associated|hostname nor servname)/i.test(
      text,
    )
  )
    return { type: 'name', why };
  if (/refused/i.test(text)) return { type: 'refused', why };
  if (/timed out/i.test(text)) return { type: 'late', connected: false };
  if (/(No route to host|unreachable)/i.test(text)) return { type: 'no route', why };
  return { type: 'broken', why: why === '' ? 'it does not say why' : why };
};
