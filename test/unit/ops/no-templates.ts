import type { Render } from '../../../src/render/renderer.ts';

/** Of hosts whose tasks are made up: nothing is filled in. */
export const noTemplates = (): Promise<Render> => Promise.reject(new Error('nothing here has templates'));
