/** What a made-up forge keeps, for the programs that stand for its own: comments of one request, issues, and the log. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ends the program as one ends whose request is refused. */
export const refuse = (text) => {
  console.error(text);
  process.exit(1);
};

/** The store in a directory, once the arguments of this call have been written down. */
export const openStore = (directory, argv) => {
  appendFileSync(join(directory, 'calls'), `${JSON.stringify(argv)}\n`);
  const file = join(directory, 'store.json');
  const store = JSON.parse(readFileSync(file, 'utf8'));
  return {
    comments: store.comments,
    openIssues: () => store.issues.filter(({ state }) => state === 'open'),
    comment: (id) =>
      store.comments.find((one) => one.id === Number(id)) ?? refuse('HTTP 404: no such comment'),
    issue: (number) =>
      store.issues.find((one) => one.number === Number(number)) ?? refuse('HTTP 404: no such issue'),
    addComment: (login) => {
      const record = { id: 900 + store.comments.length, body: '', user: { login } };
      store.comments.push(record);
      return record;
    },
    addIssue: (login) => {
      const number = 30 + store.issues.length;
      const record = { number, iid: number, title: '', body: '', state: 'open', user: { login } };
      store.issues.push(record);
      return record;
    },
    /** Keeps what was changed, under the name of the request that did it. */
    save: (request) => {
      store.changes.push(request);
      writeFileSync(file, JSON.stringify(store));
    },
  };
};

/** A body of no more characters than the forge takes. */
export const taken = (text, most) =>
  [...text].length > most ? refuse(`HTTP 422: body is too long (maximum is ${most} characters)`) : text;
