/** `gh api` for the issues and comments of farm/clusters, pull request 7. First argument: where the forge keeps things. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { openStore, refuse, taken } from './kept.mjs';

const [directory, ...argv] = process.argv.slice(2);
const store = openStore(directory, argv);
const words = [...argv];
if (words.shift() !== 'api') refuse('only gh api is known here');
if (!process.env.GH_TOKEN)
  refuse('gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.');

let method = 'GET';
let path = '';
let jq;
const fields = {};
while (words.length > 0) {
  const word = words.shift();
  if (word === '--method') method = words.shift();
  else if (word === '--jq') jq = words.shift();
  else if (word === '--field' || word === '--raw-field') {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(words.shift());
    fields[key] = word === '--field' && value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value;
  } else if (!word.startsWith('-')) path = word;
  else if (word !== '--silent' && word !== '--paginate') refuse(`unknown flag: ${word}`);
}
const where = /^repos\/farm\/clusters\/(.*)$/.exec(path)?.[1] ?? refuse(`HTTP 404: ${path}`);
if (method !== 'GET' && process.env.GH_TOKEN === 'read-only')
  refuse('HTTP 403: Resource not accessible by integration');

const print = (value) => {
  const { status, stdout, stderr } = spawnSync('jq', ['-r', jq], { input: JSON.stringify(value) });
  if (status !== 0) refuse(String(stderr));
  process.stdout.write(stdout);
};
const change = (record) => {
  if (fields.body !== undefined) record.body = taken(fields.body, 65_536);
  if (fields.title !== undefined) record.title = fields.title;
  if (fields.state !== undefined) record.state = fields.state;
  store.save(`${method} ${where}`);
};

const BOT = 'github-actions[bot]';
const [, comment] = /^issues\/comments\/(\d+)$/.exec(where) ?? [];
const [, issue] = /^issues\/(\d+)$/.exec(where) ?? [];
if (method === 'GET' && where.startsWith('issues/7/comments?')) print(store.comments);
else if (method === 'GET' && where.startsWith('issues?state=open&')) print(store.openIssues());
else if (method === 'POST' && where === 'issues/7/comments') change(store.addComment(BOT));
else if (method === 'PATCH' && comment !== undefined) change(store.comment(comment));
else if (method === 'POST' && where === 'issues') change(store.addIssue(BOT));
else if (method === 'PATCH' && issue !== undefined) change(store.issue(issue));
else refuse(`HTTP 404: ${method} ${path}`);
