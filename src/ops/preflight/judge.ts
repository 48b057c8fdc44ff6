import type { Next } from '../../core/next.ts';
import { edit, look, shellOnHost } from '../../core/next.ts';
import type { Answers, Source } from './ask.ts';
import type { Finding } from './finding.ts';
import { fine } from './finding.ts';
import type { HttpAnswer } from './http-answer.ts';
import { isOfName } from './http-answer.ts';
import { apiFindings } from './judge-api.ts';
import { addressFindings, portsAndCores } from './judge-machine.ts';
import type { Sought } from './sought.ts';
import { hostOf } from './sought.ts';

/** What the answers of a host come to, in the order of the checks; its clock is told apart. */
export const judge = (sought: Sought, answers: Answers): readonly Finding[] => [
  ...sought.names.flatMap((one) => nameFinding(one, answers)),
  ...apiFindings(sought, answers),
  ...sought.archives.map((one) => archiveFinding(one.url, one.proxy, answers)),
  ...packageFindings(sought, answers),
  ...addressFindings(sought, answers),
  ...portsAndCores(sought, answers),
];

const nameFinding = ({ name, what }: Sought['names'][number], { names }: Answers): Finding[] => {
  const state = names.get(name);
  const about = { check: 'names', about: name } as const;
  const called = `${name} (${what.join(', ')})`;
  if (state === 'known') return [fine('names', name, `${called} is found`)];
  if (state === undefined)
    return [
      {
        ...about,
        state: 'unknown',
        message: `whether the host finds the name ${called} is not known: it did not say`,
      },
    ];
  // Without the time server the clock goes wrong later, and nothing fails now.
  const severity = what.every((one) => one === 'time server') ? 'warn' : 'off';
  return [
    {
      ...about,
      state: severity,
      message:
        state === 'late'
          ? `the host's name servers did not answer for ${called} within 5 s`
          : `the host does not find the name ${called}`,
      next: [
        shellOnHost(
          `getent hosts ${name}`,
          'set its name servers right (/etc/resolv.conf), or write an address in place of the name; see',
        ),
      ],
    },
  ];
};

/** What another finding says already. */
const namelessFinding = (finding: Pick<Finding, 'check' | 'about'>, url: string): Finding => ({
  ...finding,
  state: 'unknown',
  message: `${shortUrl(url)} could not be asked: its name is not found`,
  isQuiet: true,
});

const archiveFinding = (url: string, proxy: string | null, { archives, names }: Answers): Finding => {
  const answer = archives.get(url);
  const about = { check: 'artifacts', about: url } as const;
  if (answer === 'here') return fine('artifacts', url, `${fileOf(url)} is on the host already`);
  if (answer === undefined)
    return {
      ...about,
      state: 'unknown',
      message: `whether ${url} can be had is not known: the host did not say in time`,
    };
  if (isOfName(answer, names.get((proxy === null ? hostOf(url) : hostOf(proxy)) ?? '')))
    return namelessFinding(about, url);
  if (answer.type === 'status') return byStatus(url, answer);
  const [state, what, why, next] = trouble(answer, 'the artifact server');
  return {
    ...about,
    state,
    message: `${url}: ${what}${proxy === null ? '' : ` through the proxy ${proxy}`}`,
    ...(why !== '' && { why }),
    next: next ?? [
      edit(
        proxy === null
          ? 'see artifacts.url in the inventory; where the host gets out only through a proxy, set variables.proxy'
          : 'see artifacts.url and variables.proxy in the inventory',
      ),
    ],
  };
};

const byStatus = (url: string, { code, url: end }: Extract<HttpAnswer, { type: 'status' }>): Finding => {
  const about = { check: 'artifacts', about: url } as const;
  const led = end !== null && hostOf(end) !== hostOf(url) ? `, where it leads to ${hostOf(end) ?? end}` : '';
  if (code === 200 || code === 206) return fine('artifacts', url, `${fileOf(url)} can be fetched${led}`);
  if (code === 401 || code === 403)
    return {
      ...about,
      state: 'off',
      message: `${url}: the artifact server refuses the user and password (${code})${led}`,
      next: [edit('see artifacts.user and artifacts.password in the inventory')],
    };
  if (code === 404 || code === 410)
    return {
      ...about,
      state: 'off',
      message: `${url}: the artifact server has no such file (${code})${led}`,
      next: [edit('publish it there, or see artifacts.url and versions in the inventory')],
    };
  if (code === 407)
    return {
      ...about,
      state: 'off',
      message: `${url}: the proxy wants a login (407)`,
      next: [edit('see variables.proxy in the inventory')],
    };
  if (code >= 500)
    return {
      ...about,
      state: 'off',
      message: `${url}: the artifact server answers with an error (${code})${led}`,
      next: [look("see the server's log")],
    };
  if (code >= 300 && code < 400)
    return {
      ...about,
      state: 'warn',
      message: `${url}: the artifact server leads elsewhere (${code}), and the host has nothing yet that follows`,
    };
  return {
    ...about,
    state: 'unknown',
    message: `${url}: the artifact server answers with ${code}; whether the file can be had is not known`,
  };
};

/** What came of asking a server that gave no status. */
const trouble = (
  answer: Exclude<HttpAnswer, { type: 'status' }>,
  server: string,
): readonly ['off' | 'unknown', string, string, (readonly Next[])?] => {
  switch (answer.type) {
    case 'name':
      return ['off', `the name of ${server} is not found`, answer.why];
    case 'refused':
      return ['off', `${server} refuses the connection`, answer.why];
    case 'no route':
      return ['off', `there is no route to ${server}`, answer.why];
    case 'late':
      return [
        'off',
        `${server} does not ${answer.connected ? 'answer' : 'take a connection'} within ${answer.connected ? 8 : 5} s`,
        '',
      ];
    case 'tls':
      return [
        'off',
        `there is no trusted TLS connection to ${server}`,
        answer.why,
        [look('see its certificate, the certificates that the host trusts (ca-certificates), and its clock')],
      ];
    case 'other':
      return ['off', `${server} is no web server`, answer.line];
    case 'broken':
      return ['off', `${server} could not be asked`, answer.why];
    case 'connected':
      return ['unknown', `${server} takes a connection, and was not asked more`, ''];
    case 'nobody':
      return ['unknown', `${server} was not asked: the host has neither curl nor wget yet`, ''];
  }
};

const packageFindings = ({ packages }: Sought, { sources, missing }: Answers): Finding[] => {
  if (packages === null) return [];
  if (sources === null)
    return [
      {
        check: 'packages',
        about: 'sources',
        state: 'unknown',
        message: 'which sources of packages answer is not known: the host did not say in time',
      },
    ];
  if (sources.length === 0)
    return [
      {
        check: 'packages',
        about: 'sources',
        state: 'unknown',
        message: 'the host names no source of packages that could be asked over HTTP',
        isQuiet: true,
      },
    ];
  const good = sources.filter(({ answer }) => isThere(answer));
  // Where one of them answers, packages may still be had; where none does, none can.
  const isNeeded = missing !== null && missing.length > 0;
  const state = good.length === 0 && isNeeded ? 'off' : 'warn';
  return sources.map((source) => sourceFinding(source, state));
};

const isThere = (answer: HttpAnswer): boolean =>
  answer.type === 'status' && answer.code >= 200 && answer.code < 400;

const sourceFinding = ({ isOurs, url, answer }: Source, state: 'warn' | 'off'): Finding => {
  const about = { check: 'packages', about: url } as const;
  const name = isOurs ? 'the mirror of packages' : 'the source of packages';
  if (isThere(answer)) return fine('packages', url, `${name} ${shortUrl(url)} answers`);
  const next = [
    edit(
      isOurs
        ? 'see variables.aptMirror and variables.proxy in the inventory'
        : 'give the host a route and a name server, or set variables.proxy, or variables.aptMirror to a mirror that it reaches',
    ),
  ];
  if (answer.type === 'status')
    return { ...about, state, message: `${url}: ${name} answers with ${answer.code}`, next };
  const [kind, what, why] = trouble(answer, name);
  return {
    ...about,
    state: kind === 'unknown' ? 'unknown' : state,
    message: `${url}: ${what}`,
    ...(why !== '' && { why }),
    next,
  };
};

const fileOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
const shortUrl = (url: string): string => hostOf(url) ?? url;
