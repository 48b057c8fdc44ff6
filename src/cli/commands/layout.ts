import type { Profile, SectorSize } from '../../core/profile.ts';
import { profileNamed } from '../../inventory/profiles.ts';
import type { Layout } from '../../layout/types.ts';
import { profilesOf } from '../../ops/sources.ts';
import type { LayoutRole } from '../../roles/role-names.ts';
import { LAYOUT_ROLES } from '../../roles/role-names.ts';
import { layouts } from '../../roles/roles.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import { sourcesOf } from '../sources.ts';
import { layoutText } from '../views/layout-text.ts';
import { replaceFile } from '../write-file.ts';

export interface LayoutOptions {
  readonly sectorSize: SectorSize;
  readonly role?: LayoutRole;
  readonly svg?: string;
}

/** `fcops layout PROFILE` */
export const layout: Action<LayoutOptions> = async (context, [name = ''], options) => {
  const { output } = context;
  const profile = profileNamed(profilesOf(sourcesOf(context)), name);
  const solved = solve(profile, options);
  if (options.svg !== undefined) {
    const { layoutSvg } = await import('../views/layout-svg.ts');
    await replaceFile(options.svg, layoutSvg(solved));
    output.note(`wrote ${options.svg}`);
  }
  if (output.format === 'json') output.printJson(solved);
  else output.print(layoutText(solved, { colour: output.colour, width: output.stdout.columns() }));
  return EXIT.done;
};

/** For the role that is asked for, else the first that the profile says something of. */
const solve = (profile: Profile, { role, sectorSize }: LayoutOptions): Layout =>
  layoutOf(profile, sectorSize, role ?? LAYOUT_ROLES.find((name) => layouts[name].isFor(profile)) ?? 'c2');

const layoutOf = (profile: Profile, sectorSize: SectorSize, role: LayoutRole): Layout =>
  layouts[role].solve(profile, sectorSize);
