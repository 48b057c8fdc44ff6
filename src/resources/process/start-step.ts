import type { z } from 'zod';
import type { StartedProcess } from './process.ts';
import { startDeadline, type startProcess } from './step.ts';

/** The step that starts a process. */
export const startStep = ({
  name,
  repository,
  known,
  log,
  unit,
  port,
  start: { run, pause, leftovers, pages, before, ready },
}: Omit<StartedProcess, 'program'>): z.infer<(typeof startProcess)['schema']> => ({
  step: 'start-process',
  name,
  repository,
  known,
  log,
  ...(unit && { unit: unit.name }),
  port,
  run,
  pause,
  leftovers: leftovers ?? null,
  pages: pages ?? null,
  before: before ?? null,
  ready: ready ?? null,
  deadline: startDeadline(before, ready),
});
