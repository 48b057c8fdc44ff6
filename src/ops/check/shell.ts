import { groupBy } from '../../core/group-by.ts';
import { edit, look } from '../../core/next.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { MASK } from '../../core/secret.ts';
import type { Template } from '../../render/load.ts';
import { withPartials } from '../../render/load.ts';
import { holdsPrivateKey } from '../secrets/check-clear.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { RenderedHosts } from './rendered.ts';
import type { ShellText } from './shell-texts.ts';
import { shellTexts } from './shell-texts.ts';
import type { ShellComment, ShellcheckOptions } from './shellcheck.ts';
import { shellcheck } from './shellcheck.ts';
import { templateLine } from './template-line.ts';

/** Seconds that one call of shellcheck may take, for some dozens of scripts; the longest of them takes a second. */
const DEADLINE = 120;

const DOLLAR_IN_QUOTES = 2016;

/** Where shellcheck is, and how a line is shown. */
interface ShellOptions extends Pick<ShellcheckOptions, 'env'> {
  /** Masks the secrets that are known. */
  readonly mask: (text: string) => string;
}

/** What shellcheck says of all shell that would be written to hosts, or that it has said nothing. */
export const checkShell = async (
  rendered: readonly RenderedHosts[],
  templates: ReadonlyMap<string, Template>,
  { env, mask }: ShellOptions,
): Promise<readonly Finding[]> => {
  const texts = shellTexts(rendered);
  if (texts.length === 0) return [];
  const checked = await shellcheck(
    texts.map(({ text }) => text),
    { env, deadline: DEADLINE },
  );
  switch (checked.type) {
    case 'not installed':
      return [
        finding('shell-unchecked', {
          kind: 'file',
          what: 'shellcheck is not installed: the rendered shell was not checked',
          next: [edit('install the package shellcheck where this runs')],
        }),
      ];
    case 'failed':
      return [
        finding(
          'shell-unchecked',
          { kind: 'file', what: 'shellcheck failed: the rendered shell was not checked', why: checked.why },
          { severity: 'warning' },
        ),
      ];
    case 'checked':
      return onlyOnce(
        checked.comments.flatMap((comment) => {
          const text = texts[comment.index];
          return text ? commentFindings(comment, text, templates, mask) : [];
        }),
      );
  }
};

const commentFindings = (
  { line, level, code, message }: ShellComment,
  { text, template, paths, hosts }: ShellText,
  templates: ReadonlyMap<string, Template>,
  mask: ShellOptions['mask'],
): readonly Finding[] => {
  const rendered = text.split('\n')[line - 1] ?? '';
  const names = withPartials(template === undefined ? [] : [template], templates);
  const from = [...names].flatMap((name) => templates.get(name) ?? []);
  const found = templateLine(from, rendered);
  // A value with a $ in it is text: it has to stand in single quotes, which the template has not.
  const own = found?.of.text.split('\n')[found.line - 1];
  if (code === DOLLAR_IN_QUOTES && own?.includes("'") === false) return [];
  const file = (found?.of ?? from[0])?.file;
  const others = paths.length > 1 ? ` (and ${paths.length - 1} more)` : '';
  return [
    finding(
      'shellcheck',
      {
        kind: 'template',
        what: `SC${code}: ${message}`,
        where: { ...(file !== undefined && { file }), ...(found && { line: found.line }) },
        why: `line ${line} of ${paths[0]}${others}: ${shown(rendered.trim(), mask)}`,
        next: [look(`https://www.shellcheck.net/wiki/SC${code}`)],
      },
      { severity: level === 'error' ? 'error' : 'warning', hosts },
    ),
  ];
};

/** A line in which somebody may have written a secret as it is. */
const shown = (line: string, mask: ShellOptions['mask']): string =>
  holdsPrivateKey(line) ? MASK : maskOutput(mask(line));

/** What one line of a template gives in several texts is told once, for all of their hosts. */
const onlyOnce = (all: readonly Finding[]): readonly Finding[] => {
  const keyOf = ({ severity, problem: { what, where, why } }: Finding): string =>
    JSON.stringify([severity, what, where, where?.line === undefined ? why : '']);
  return [...groupBy(all, keyOf).values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const hosts = new Map(
      alike.flatMap(({ hosts = [] }) => hosts.map((host) => [`${host.miner} ${host.name}`, host] as const)),
    );
    return [{ ...first, hosts: [...hosts.values()] }];
  });
};
