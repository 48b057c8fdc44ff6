/** The addresses of a host, as documents have them. */
export interface Addresses {
  /** That SSH connects to; empty where it is not known. */
  readonly address: string;
  /** That its workers listen on; left out: it is the same one. */
  readonly listen?: string;
}

/** Addresses by name, of hosts. */
export type AddressBook = ReadonlyMap<string, Addresses>;

/** The addresses of a host and nothing else of it, each said once. */
export const addressesIn = ({ address, listen }: Addresses): Addresses => ({
  address,
  ...(listen !== undefined && listen !== address && { listen }),
});

/** Of a host that the book does not have they are not known. */
export const addressesAt = (book: AddressBook, host: string): Addresses => book.get(host) ?? { address: '' };

export const addressesOf = ({
  hosts,
}: {
  readonly hosts: readonly ({ readonly name: string } & Addresses)[];
}): AddressBook => new Map(hosts.map((host) => [host.name, addressesIn(host)]));

/** `192.168.10.50`, and what is listened on where that is another one. */
export const addressText = ({ address, listen }: Addresses): string =>
  listen === undefined || listen === address ? address : `${address}, listens on ${listen}`;
