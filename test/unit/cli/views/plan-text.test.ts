import { describe, expect, it } from 'vitest';
import { planDocument } from '../../../../src/cli/views/plan-document.ts';
import { planText } from '../../../../src/cli/views/plan-text.ts';
import type { PlannedHost } from '../../../../src/ops/deploy.ts';
import {
  ADDRESSES,
  change,
  directoryItem,
  planned,
  rebootItem,
  result,
  scriptItem,
  sysctlItem,
  unknownItem,
  violatedItem,
  visible,
} from './samples.ts';

const textOf = (hosts: readonly PlannedHost[], options = {}) =>
  planText(planDocument({ miner: 'f0494733', role: 'p1', addresses: ADDRESSES }, hosts), {
    colour: false,
    width: 100,
    full: false,
    ...options,
  });

describe('planText', () => {
  it('shows hosts that change alike once, although each has its own address', () => {
    const text = textOf(
      ['p1-50', 'p1-51', 'p1-52'].map((host) =>
        planned(host, [directoryItem, scriptItem(ADDRESSES.get(host) ?? ''), sysctlItem]),
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "+ create   ~ update

      p1-[50:52] (3 hosts)
        [p1-50] marks what the others have with their own name and address
        scripts
          + directory /opt/worker  mode 0755
          + file /opt/worker/start.sh  mode 0755, 6 lines  [p1-50]
              +#!/bin/bash
              +set -eu
              +export A=1
              +export B=2
              … 2 more lines (--full shows all)
        tuning
          ~ file /etc/sysctl.conf  mode 0600 -> 0644
              @@ -2,7 +2,7 @@
               b = 2
               c = 3
               d = 4
              -vm.swappiness = 60
              +vm.swappiness = 0
               e = 5
               f = 6
               g = 7

      Plan: 3 hosts: 6 to create, 3 to update, 0 unknown
      "
    `);
  });

  it('shows apart what only some hosts need, and what stands in the way', () => {
    const text = textOf([
      planned('p1-50', [sysctlItem, rebootItem]),
      planned('p1-51', [violatedItem('enforce'), sysctlItem, unknownItem]),
      planned('p1-52', []),
      {
        state: 'ended',
        result: result('p1-53', {
          state: 'unreachable',
          problems: [
            { what: '192.168.10.53 refused the connection', where: { host: 'p1-53' }, next: 'start sshd' },
          ],
        }),
      },
    ]);
    expect(text).toMatchInlineSnapshot(`
      "~ update   ? could not be seen   ! check failed   ^ reboot needed

      p1-[50:51] (2 hosts)
        tuning
          ~ file /etc/sysctl.conf  mode 0600 -> 0644
              @@ -2,7 +2,7 @@
               b = 2
               c = 3
               d = 4
              -vm.swappiness = 60
              +vm.swappiness = 0
               e = 5
               f = 6
               g = 7

      p1-50
        kernel
          ^ kernel-arguments hugepagesz: the kernel runs without hugepagesz=1G

      p1-51
        machine checks
          ! the machine runs kernel 4.9, at least 4.15 is needed
              next: install it
        packages
          ? packages bc: dpkg-query did not answer

      p1-53  unreachable
        192.168.10.53 refused the connection
          next: start sshd

      p1-51  blocked: a deploy changes nothing there while ! or ? is left

      p1-52  nothing to change

      Plan: 1 host: 0 to create, 1 to update, 1 unknown; 1 host unchanged; 1 host blocked; 1 host unreachable; 1 host to reboot
      "
    `);
  });

  it('says that there is nothing to do', () => {
    expect(textOf([planned('p1-50', []), planned('p1-51', [])])).toMatchInlineSnapshot(`
      "p1-[50:51]  nothing to change

      Plan: nothing to change on 2 hosts
      "
    `);
  });

  it('shows new files whole where that is asked for', () => {
    const text = textOf([planned('p1-50', [scriptItem('192.168.10.50')])], { full: true });
    expect(text).toContain('+run --listen 192.168.10.50:10001');
    expect(text).not.toContain('more line');
  });

  it('lists many differences below the resource, one a line', () => {
    const details = ['fs.file-max', 'net.ipv4.tcp_max_tw_buckets'].map((name) => ({
      name,
      before: '131072',
      after: '10000000',
    }));
    const text = textOf([planned('p1-50', [change('tuning', 'sysctl:all', { action: 'update', details })])], {
      width: 60,
    });
    expect(text).toMatchInlineSnapshot(`
      "~ update

      p1-50
        tuning
          ~ sysctl all
              fs.file-max                  131072 -> 10000000
              net.ipv4.tcp_max_tw_buckets  131072 -> 10000000

      Plan: 1 host: 0 to create, 1 to update, 0 unknown
      "
    `);
  });

  it('uses colour as an addition only', () => {
    const hosts = [planned('p1-50', [sysctlItem, violatedItem('warn')])];
    const coloured = textOf(hosts, { colour: true });
    expect(visible(coloured)).toContain('{31}-vm.swappiness = 60{39}');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a colour is.
    expect(coloured.replaceAll(/\u001b\[[0-9;]*m/g, '')).toBe(textOf(hosts));
  });

  it('shows nothing that a host says as it is: escape sequences do nothing here', () => {
    const text = textOf([
      planned('p1-50', [
        change('t', 'file:/etc/x', {
          action: 'update',
          details: [],
          text: { before: 'evil \u001b[2J\u001b]0;x\u0007\n', after: 'good\n' },
        }),
      ]),
    ]);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('-evil');
  });
});
