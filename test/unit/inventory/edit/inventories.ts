import fc from 'fast-check';

/** Cluster files as people write them, in every style. */

export interface GeneratedHost {
  readonly name: string;
  readonly role: 'p1' | 'c2' | 'apx';
  readonly own: string | null;
}

export interface Generated {
  readonly text: string;
  readonly hosts: readonly GeneratedHost[];
}

export const VERSIONS = ['1.11.1-a', '1.11.1-b', '1.13.2-c', '1.14', '2.0.0+d'] as const;

const version = fc.constantFrom(...VERSIONS);

const quoting = fc.constantFrom<(text: string) => string>(
  (text) => (text === '1.14' ? '"1.14"' : text),
  (text) => `'${text}'`,
  (text) => `"${text}"`,
);

const comment = fc.constantFrom('', '', ' # of the first rack', ' # see "notes": {a, b}', '  # 中文');
const lineComment = fc.constantFrom<readonly string[]>(
  [],
  [],
  ['# --- a rack ---'],
  ['', '# more', ''],
  [''],
);

const hostStyle = fc.constantFrom('flow', 'flow lines', 'block', 'block lines', 'json');

const hostLines = fc
  .record({
    role: fc.constantFrom('p1' as const, 'c2' as const, 'apx' as const),
    own: fc.option(version, { freq: 2 }),
    other: fc.boolean(),
    style: hostStyle,
    quote: quoting,
    comment,
    inside: comment,
    above: lineComment,
    step: fc.constantFrom(2, 4),
    versionsFirst: fc.boolean(),
    versionsInFlow: fc.boolean(),
    space: fc.constantFrom('', ' '),
  })
  .map((host) => (index: number, indent: string): { host: GeneratedHost; lines: readonly string[] } => {
    const { role, own, quote, space } = host;
    const name = `${role}-${index}`;
    const versions = [
      ...(own === null ? [] : [[role, quote(own)]]),
      ...(host.other && own !== null ? [['lotus', quote('1.0.0-z')]] : []),
    ];
    const flowVersions = `{${space}${versions.map(([key, value]) => `${key}: ${value}`).join(', ')}${space}}`;
    const plain: readonly (readonly [string, string])[] = [
      ['name', name],
      ['address', `10.0.0.${index + 1}`],
      ['roles', `[${role}]`],
      ['profile', role === 'c2' ? 'amd-7371' : 'amd-7532'],
    ];
    const own2: readonly (readonly [string, string])[] =
      versions.length === 0 ? [] : [['versions', flowVersions]];
    const all = host.versionsFirst ? [...own2, ...plain] : [...plain, ...own2];
    const made = { name, role, own };
    const above = host.above.map((line) => (line === '' ? '' : indent + line));
    switch (host.style) {
      case 'flow':
        return {
          host: made,
          lines: [
            ...above,
            `${indent}- {${space}${all.map(([k, v]) => `${k}: ${v}`).join(', ')}${space}}${host.comment}`,
          ],
        };
      case 'json':
        return {
          host: made,
          lines: [
            ...above,
            `${indent}- {${all
              .map(([k, v]) => {
                const value =
                  k === 'versions'
                    ? `{${[
                        ...(own === null ? [] : [`"${role}":"${own}"`]),
                        ...(host.other && own !== null ? ['"lotus":"1.0.0-z"'] : []),
                      ].join(',')}}`
                    : k === 'roles'
                      ? `["${role}"]`
                      : `"${v}"`;
                return `"${k}":${value}`;
              })
              .join(',')}}${host.comment}`,
          ],
        };
      case 'flow lines':
        return {
          host: made,
          lines: [
            ...above,
            `${indent}- {${host.inside}`,
            ...all.map(([k, v], at) => {
              const comma = at === all.length - 1 && host.space === '' ? '' : ',';
              return `${indent}    ${k}: ${v}${comma}${host.comment}`;
            }),
            `${indent}  }`,
          ],
        };
      default: {
        const isLines = host.style === 'block lines';
        const deeper = ' '.repeat(host.step);
        const body = all.flatMap(([k, v]) =>
          k === 'versions' && !host.versionsInFlow
            ? [`versions:${host.comment}`, ...versions.map(([a, b]) => `${deeper}${a}: ${b}${host.inside}`)]
            : [`${k}: ${v}${host.comment}`],
        );
        return {
          host: made,
          lines: isLines
            ? [...above, `${indent}-${host.comment}`, ...body.map((line) => `${indent}  ${line}`)]
            : [...above, ...body.map((line, at) => `${indent}${at === 0 ? '- ' : '  '}${line}`)],
        };
      }
    }
  });

const block = (key: string, pairs: readonly (readonly [string, string])[], indent: string, tail: string) => [
  `${key}:${tail}`,
  ...pairs.map(([k, v]) => `${indent}${k}: ${v}${tail}`),
];

/** Groups that say versions of hosts, of which no two contradict each other. */
const groupLines = fc
  .record({
    parts: fc.array(
      fc.record({
        versions: fc.dictionary(fc.constantFrom('p1', 'c2', 'apx'), version, { noNullPrototype: true }),
        style: fc.constantFrom('flow', 'block'),
        quote: quoting,
        comment,
      }),
      { maxLength: 2 },
    ),
    isTwice: fc.boolean(),
  })
  .map(({ parts, isTwice }) => (hosts: readonly GeneratedHost[]): readonly string[] => {
    const made = parts.flatMap(({ versions, style, quote, comment: tail }, at) => {
      const members = hosts.filter((_, index) => index % parts.length === at).map(({ name }) => name);
      if (members.length === 0) return [];
      const pairs = Object.entries(versions).map(([key, value]) => [key, quote(value)] as const);
      const group = (name: string) =>
        style === 'flow' || pairs.length === 0
          ? [
              `  ${name}: { hosts: [${members.join(', ')}]${pairs.length > 0 ? `, versions: { ${pairs.map(([k, v]) => `${k}: ${v}`).join(', ')} }` : ''} }${tail}`,
            ]
          : [
              `  ${name}:${tail}`,
              `    hosts: ${members.join(',')}${tail}`,
              `    versions:${tail}`,
              ...pairs.map(([k, v]) => `      ${k}: ${v}${tail}`),
            ];
      return [...group(`rack-${at}`), ...(isTwice ? group(`again-${at}`) : [])];
    });
    return made.length === 0 ? [] : ['groups:', ...made];
  });

export const inventory = fc
  .record({
    hosts: fc.array(hostLines, { minLength: 1, maxLength: 7 }),
    groups: groupLines,
    defaults: fc.record({ p1: version, c2: version, apx: version }),
    flowVersions: fc.boolean(),
    flowSums: fc.boolean(),
    quote: quoting,
    comment,
    above: lineComment,
    indent: fc.constantFrom('', '  ', '    '),
    topIndent: fc.constantFrom('  ', '   ', '      '),
    crlf: fc.boolean(),
    end: fc.constantFrom('', '\n', '\n\n# the end\n'),
    hostsFirst: fc.boolean(),
    begin: fc.constantFrom<readonly string[]>([], ['---'], ['# yaml-language-server: x', '']),
    mark: fc.boolean(),
  })
  .map((made): Generated => {
    const written = made.hosts.map((host, index) => host(index, made.indent));
    const versions = Object.entries(made.defaults).map(([k, v]) => [k, made.quote(v)] as const);
    const sums = VERSIONS.map((v, at) => [`lotus-worker-${v}.tar.gz`, `${at}a`.repeat(32)] as const);
    const flow = (pairs: readonly (readonly [string, string])[]) =>
      `{ ${pairs.map(([k, v]) => `${k}: ${v}`).join(', ')} }`;
    const top = [
      'miner: f0494733',
      'sectorSize: 64GiB',
      'api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: TOKEN } }',
      ...made.above,
      ...(made.flowVersions
        ? [`versions: ${flow(versions)}${made.comment}`]
        : block('versions', versions, made.topIndent, made.comment)),
      'artifacts:',
      '  url: http://artifacts.example.com',
      ...(made.flowSums
        ? [`  sha256: ${flow(sums)}`]
        : ['  sha256:', ...sums.map(([k, v]) => `    ${k}: ${v}`)]),
      'variables: { ntpServer: null }',
      ...made.groups(written.map(({ host }) => host)),
    ];
    const hosts = ['hosts:', ...written.flatMap(({ lines }) => lines)];
    const lines = [...made.begin, ...(made.hostsFirst ? [...hosts, ...top] : [...top, ...hosts])];
    const text = lines.join('\n') + made.end;
    return {
      text: (made.mark ? '\ufeff' : '') + (made.crlf ? text.replaceAll('\n', '\r\n') : text),
      hosts: written.map(({ host }) => host),
    };
  });
