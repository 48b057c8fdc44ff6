/** Address by name, of hosts. */
export const addressesOf = ({
  hosts,
}: {
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
}): ReadonlyMap<string, string> => new Map(hosts.map(({ name, address }) => [name, address]));
