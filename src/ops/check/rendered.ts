import type { Content } from '../../core/content.ts';
import { revealedText } from '../../core/content.ts';
import type { Facts } from '../../core/facts.ts';
import { groupBy } from '../../core/group-by.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { Render } from '../../render/renderer.ts';
import type { FileView, Task } from '../../resources/resource.ts';
import type { Pair } from '../plan-diff/alike.ts';
import { alikePairs, factsShape } from '../plan-diff/alike.ts';
import { STAND_INS } from '../plan-diff/stand-ins.ts';
import { factsKnown, factsOf, placeholder } from '../plan-diff/thought-of.ts';
import { workWithoutSecrets } from '../work-without-secrets.ts';
import type { FoundHost } from './finding.ts';

/** A file as a deploy would write it, with names in the place of secrets. */
export interface RenderedText {
  readonly path: string;
  readonly text: string;
  /** Name of the template that it is from; undefined where it is from none alone. */
  readonly template: string | undefined;
}

/** What comes of the templates for hosts that are alike. */
export interface RenderedHosts {
  readonly hosts: readonly FoundHost[];
  /** Of the first of them. */
  readonly files: readonly RenderedText[];
  /** Names of the templates that were filled in, well or not. */
  readonly used: ReadonlySet<string>;
  /** Why templates could not be filled in, or the hosts not be worked out. */
  readonly problems: readonly Problem[];
}

/**
 * Fills in all templates for every host of these clusters, without any secret. Hosts that are alike in all that their
 * files follow from, but for their names and addresses, are worked out once. `standIn` fills in what `render` cannot, so
 * that one broken template does not hide the others.
 */
export const renderAll = async (
  clusters: readonly Cluster[],
  render: Render,
  standIn: Render,
): Promise<readonly RenderedHosts[]> => {
  const all: RenderedHosts[] = [];
  for (const cluster of clusters) {
    const recorder = new Recorder(render, standIn);
    const { tasksOf } = await workWithoutSecrets(
      { role: 'all', cluster, hosts: cluster.hosts },
      recorder.render,
    );
    const pairs = cluster.hosts.map((host) => ({ before: host, after: host }));
    for (const alike of alikePairs(pairs, () => cluster.miner))
      all.push(...renderAlike(cluster, alike, (host) => recorder.of(host, tasksOf)));
  }
  return all;
};

type TasksOf = (host: Host) => readonly Task[];

const renderAlike = (
  cluster: Cluster,
  alike: readonly Pair[],
  renderedOf: (host: Host) => Recorded,
): readonly RenderedHosts[] => {
  const [first, ...others] = alike;
  if (!first) return [];
  const { read, ...rendered } = renderedOf(first.after);
  const shape = factsShape(first, read);
  const groups = groupBy(others, (pair) => factsShape(pair, read));
  const hosts = [first, ...(groups.get(shape) ?? [])].map(({ after: { name } }) => ({
    miner: cluster.miner,
    name,
  }));
  const rest = [...groups].flatMap(([key, pairs]) => (key === shape ? [] : [pairs]));
  return [{ hosts, ...rendered }, ...rest.flatMap((pairs) => renderAlike(cluster, pairs, renderedOf))];
};

/** What comes of a host, and which facts of its machine that follows from. */
interface Recorded extends Omit<RenderedHosts, 'hosts'> {
  readonly read: ReadonlySet<keyof Facts>;
}

/** Notes what templates are filled in, and why some cannot be. */
class Recorder {
  readonly #render: Render;
  readonly #standIn: Render;
  readonly #sources = new WeakMap<Content, string>();
  #used = new Set<string>();
  #problems: Problem[] = [];

  constructor(render: Render, standIn: Render) {
    this.#render = render;
    this.#standIn = standIn;
  }

  readonly render: Render = (name, values) => {
    this.#used.add(name);
    const content = this.#told(() => this.#render(name, values)) ?? this.#standIn(name, values);
    this.#sources.set(content, name);
    return content;
  };

  /** All files of a host. Throws only what is a defect. */
  of(host: Host, tasksOf: TasksOf): Recorded {
    this.#used = new Set();
    this.#problems = [];
    const facts = { read: new Set<keyof Facts>(), missing: new Set<keyof Facts>() };
    const [standIn] = STAND_INS;
    const known = factsOf(factsKnown(host, host), standIn, facts, () => undefined);
    const files = (this.#told(() => tasksOf(host)) ?? [])
      .flatMap(({ resources }) => resources.flatMap(({ file }) => file ?? []))
      .flatMap((file) => this.#text(file, known, facts.missing));
    return { files, used: this.#used, problems: this.#problems, read: facts.read };
  }

  #text(
    { path, content }: FileView,
    facts: Facts,
    missing: ReadonlySet<keyof Facts>,
  ): readonly RenderedText[] {
    const before = this.#problems.length;
    const whole = typeof content === 'function' ? this.#told(() => content(facts)) : content;
    // Of a machine that only stands in for one, nobody can tell what is wrong.
    if (whole === undefined && missing.size > 0) this.#problems.length = before;
    return whole === undefined
      ? []
      : [{ path, text: revealedText(whole, placeholder), template: this.#sources.get(whole) }];
  }

  #told<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      this.#problems.push(...error.problems);
      return undefined;
    }
  }
}
