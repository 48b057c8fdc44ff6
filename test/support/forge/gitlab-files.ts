import * as z from 'zod';

/** What of GitLab's `.gitlab-ci.yml` the recipe uses, after its reference of the keywords; any other key is a mistake here. */

const texts = z.record(z.string(), z.string()).readonly();
const scripts = z.array(z.string()).min(1).readonly();
const about = {
  image: z.string().exactOptional(),
  timeout: z.string().exactOptional(),
  before_script: scripts.exactOptional(),
};

const job = z.strictObject({
  ...about,
  extends: z.string().exactOptional(),
  stage: z.string(),
  tags: z.array(z.string()).exactOptional(),
  needs: z.array(z.string()).exactOptional(),
  rules: z.array(z.strictObject({ if: z.string(), when: z.enum(['manual']).exactOptional() })).min(1),
  environment: z
    .strictObject({ name: z.string(), action: z.enum(['access', 'prepare', 'verify']).exactOptional() })
    .exactOptional(),
  resource_group: z.string().exactOptional(),
  script: scripts,
  artifacts: z
    .strictObject({
      when: z.enum(['always']).exactOptional(),
      paths: z.array(z.string()),
      reports: z.strictObject({ junit: z.string() }).exactOptional(),
      access: z.enum(['all', 'developer', 'maintainer', 'none']).exactOptional(),
      expire_in: z.string(),
    })
    .exactOptional(),
});

/** What others extend: no job of its own. */
const hidden = z.strictObject(about);

export type GitlabJob = z.infer<typeof job>;

export interface GitlabFile {
  readonly variables: Readonly<Record<string, string>>;
  readonly stages: readonly string[];
  /** Names with a dot before them are no jobs. */
  readonly hidden: Readonly<Record<string, z.infer<typeof hidden>>>;
  readonly jobs: Readonly<Record<string, GitlabJob>>;
}

/** Reads the file. Throws a ZodError for what GitLab would not take, or this does not know. */
export const gitlabFile = (content: unknown): GitlabFile => {
  const { variables, stages, ...rest } = z
    .looseObject({ variables: texts, stages: z.array(z.string()) })
    .parse(content);
  const named = (isHidden: boolean) =>
    Object.fromEntries(Object.entries(rest).filter(([name]) => name.startsWith('.') === isHidden));
  return {
    variables,
    stages,
    hidden: z.record(z.string(), hidden).parse(named(true)),
    jobs: z.record(z.string(), job).parse(named(false)),
  };
};
