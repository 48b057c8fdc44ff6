import { StringDecoder } from 'node:string_decoder';

/** A line as it is typed. Ended: by Enter, or by Ctrl-C or Ctrl-D, which give no answer. */
export interface TypedLine {
  readonly text: string;
  readonly ended: 'no' | 'enter' | 'left';
  /** Keys after its end: they are of the next line. */
  readonly rest: string;
}

export const NO_LINE: TypedLine = { text: '', ended: 'no', rest: '' };

const ENTER = /[\r\n]/;
const LEAVES = new Set(['\u0003', '\u0004']);
const DELETES = new Set(['\u007f', '\b']);
/** Ctrl-U takes away all that was typed. */
const CLEARS = '\u0015';

/** What a line is after more keys. */
export const afterKeys = (line: TypedLine, keys: string): TypedLine => {
  let { text } = line;
  let read = 0;
  for (const key of keys) {
    read += key.length;
    if (ENTER.test(key)) return { text, ended: 'enter', rest: keys.slice(read) };
    if (LEAVES.has(key)) return { text: '', ended: 'left', rest: '' };
    if (DELETES.has(key)) text = [...text].slice(0, -1).join('');
    else if (key === CLEARS) text = '';
    else text += key;
  }
  return { text, ended: 'no', rest: '' };
};

/**
 * Asks questions on the terminal, and shows nothing of what is typed, between them neither: whoever is quicker than the
 * next question shows nothing. Null where there is no answer.
 */
export const askHidden = async (questions: readonly string[]): Promise<readonly string[] | null> => {
  const { stdin, stderr } = process;
  const decoder = new StringDecoder('utf8');
  const answers: string[] = [];
  let line = NO_LINE;
  // Before the question: who waits for it may type at once.
  stdin.setRawMode(true);
  stderr.write(questions[0] ?? '');
  try {
    await new Promise<void>((resolve) => {
      stdin.on('data', (chunk: Buffer) => {
        line = afterKeys(line, decoder.write(chunk));
        while (line.ended === 'enter') {
          answers.push(line.text);
          if (answers.length === questions.length) return resolve();
          stderr.write(`\n${questions[answers.length]}`);
          line = afterKeys(NO_LINE, line.rest);
        }
        if (line.ended === 'left') resolve();
      });
      stdin.once('end', resolve);
      stdin.resume();
    });
  } finally {
    stdin.removeAllListeners('data');
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
  return answers.length === questions.length ? answers : null;
};
