import { expect, it } from 'vitest';
import { SECRET_USES } from '../../../src/inventory/secrets.ts';
import { secretUses } from '../../../src/ops/secret-uses.ts';

it.each([
  ['deploy', { tags: [] }, SECRET_USES],
  ['deploy', { tags: ['tuning'] }, ['ssh']],
  ['deploy', { tags: ['profile'] }, ['api', 'ssh']],
  ['deploy', { tags: ['tuning'], start: true }, ['api', 'ssh']],
  ['deploy', { tags: ['lotus', 'storage'] }, ['artifacts', 'storage', 'ssh']],
  ['upgrade', { start: true }, SECRET_USES],
  ['stop', {}, ['ssh']],
  ['start', { start: true }, ['api', 'ssh']],
  ['reboot', { start: true }, ['api', 'ssh']],
  ['reboot', { start: true, preflight: false }, ['ssh']],
  ['restart', { start: true, preflight: false, otherToken: true }, ['api', 'ssh']],
] as const)('a %s of %j uses secrets for %j alone', (operation, request, uses) => {
  expect(secretUses({ operation, tags: [], start: false, ...request })).toEqual(uses);
});
