import type { Next } from '../core/next.ts';
import { edit } from '../core/next.ts';
import { withoutComments, words } from '../core/shell.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Finding } from '../resources/assertion/assertion.ts';
import { askGuard, guardLook } from '../resources/guard/look.ts';
import type { AddressesSaid } from '../resources/machine/addresses.ts';
import { addressesShell, hasAddress } from '../resources/machine/addresses.ts';
import type { Process, Requirement } from '../resources/process/process.ts';
import type { Severity } from './checks.ts';

/**
 * The machine has the address that its processes are to listen on: none of them starts without. Nothing where that is the
 * one that SSH connects to.
 */
export const listenAddress = (host: Host, severity: Severity): Requirement[] => {
  const { address, listen } = host;
  if (listen === address) return [];
  const name = nameOf(listen);
  return [
    {
      name,
      asks: [askGuard(name, `${withoutComments(addressesShell)}\n${words('fcops_addresses', listen)}`)],
      severity,
      check: (seen) => {
        const guard = guardLook.seen(seen, name);
        if (guard === undefined) return { unknown: guardLook.unseen(seen, name).reason };
        return addressFinding({ host: host.name, listen }, guard);
      },
    },
  ];
};

const nameOf = (listen: string): string => `address ${listen}`;

/** Whether a process stands on that address. */
export const needsAddress = ({ requires }: Pick<Process, 'requires'>, listen: string): boolean =>
  requires.some(({ name }) => name === nameOf(listen));

/** Whether a host has the address that it is to listen on, by what it says of its own. */
export const addressFinding = (
  { host, listen }: { readonly host: string; readonly listen: string },
  said: AddressesSaid,
): Finding => {
  const found = hasAddress(listen, said);
  switch (found.type) {
    case 'has':
      return null;
    case 'unknown':
      return {
        unknown: `whether ${host} has the address ${listen} is not known: it does not tell its addresses`,
      };
    case 'has not':
      return {
        message: `${host} has no address ${listen}: nothing starts that is to listen there; it has ${found.others.join(', ') || 'none but its own for itself'}`,
        next: adviceFor(host),
      };
  }
};

const adviceFor = (host: string): readonly Next[] => [
  edit(
    `set listen of ${host} to its address in the network of lotus, or give that address to an interface of the machine`,
  ),
];
