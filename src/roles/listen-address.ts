import { edit } from '../core/next.ts';
import { words } from '../core/shell.ts';
import type { Host } from '../inventory/cluster.ts';
import { askGuard, guardLook } from '../resources/guard/look.ts';
import type { Requirement } from '../resources/process/process.ts';
import type { Severity } from './checks.ts';

/**
 * The machine has the address that its processes are to listen on: none of them starts without. Nothing where that is the
 * one that SSH connects to.
 */
export const listenAddress = ({ name: host, address, listen }: Host, severity: Severity): Requirement[] => {
  if (listen === address) return [];
  const name = `address ${listen}`;
  return [
    {
      name,
      asks: [askGuard(name, ownAddresses(listen))],
      severity,
      check: (seen) => {
        const guard = guardLook.seen(seen, name);
        if (guard === undefined) return { unknown: guardLook.unseen(seen, name).reason };
        const addresses = addressesIn(guard.output);
        if (isLoopback(listen) || addresses.some((one) => one.address === listen)) return null;
        const there = addresses.filter((one) => !isLoopback(one.address));
        if (guard.status !== 0 || (there.length === 0 && addresses.length === 0))
          return {
            unknown: `whether ${host} has the address ${listen} is not known: it does not tell its addresses`,
          };
        const all = there.map((one) => (one.on === '' ? one.address : `${one.address} on ${one.on}`));
        return {
          message: `${host} has no address ${listen}: nothing starts that is to listen there; it has ${all.join(', ') || 'none but its own for itself'}`,
          next: [
            edit(
              `set listen of ${host} to its address in the network of lotus, or give that address to an interface of the machine`,
            ),
          ],
        };
      },
    },
  ];
};

interface OwnAddress {
  readonly address: string;
  /** Its interface; empty: not told. */
  readonly on: string;
}

const addressesIn = (output: string): readonly OwnAddress[] =>
  output.split('\n').flatMap((line) => {
    const [, address, on = ''] = /^([\d.]+) ?(\S*)$/.exec(line) ?? [];
    return address === undefined ? [] : [{ address, on }];
  });

/** All of 127.0.0.0/8 is every machine's own. */
const isLoopback = (address: string): boolean => address.startsWith('127.');

/** Prints the IPv4 addresses of the machine, `10.0.0.50 ens1f0` a line, that one first: not all of a long list comes back. */
const ownAddresses = (listen: string): string => `all=
if type -P ip >/dev/null; then
  while read -r _ on _ address _; do all+="\${address%/*} $on"$'\\n'; done < <(timeout -k 1 5 ip -o -4 addr show 2>/dev/null)
else
  for address in $(timeout -k 1 5 hostname -I 2>/dev/null); do [[ $address == *:* ]] || all+="$address"$'\\n'; done
fi
[[ -n $all ]] || exit 1
grep -E ${words(`^${listen.replaceAll('.', '[.]')}( |$)`)} <<<"$all"
printf %s "$all"
`;
