import { expect, it } from 'vitest';
import { logOf, logText } from '../../../src/resources/process/log.ts';

const log = '/opt/lotusworker/worker-3p1/log.txt';
const unit = { name: 'fcops-p1@3.service', file: '/etc/systemd/system/fcops-p1@.service' };
const file = { type: 'file', path: log };
const journal = { type: 'journal', unit: unit.name };

it('the log of a process is that of what runs it, and else of what is to run it', () => {
  expect(logOf({ log })).toEqual(file);
  expect(logOf({ log, unit })).toEqual(journal);
  expect(logOf({ log, unit }, { unit: null })).toEqual(file);
  expect(logOf({ log }, { unit: unit.name })).toEqual(journal);
});

it('is named as people open it', () => {
  expect(logText(logOf({ log }))).toBe(log);
  expect(logText(logOf({ log, unit }))).toBe('journalctl -u fcops-p1@3.service');
});
