import { words } from '../../core/shell.ts';
import type { Ask, Observation } from '../look.ts';
import { defineLook } from '../look.ts';
import shell from './look.sh';

/** Whether anybody listens on a TCP port of the host. */
export interface PortAsk extends Ask {
  readonly look: 'port';
  readonly port: number;
}

export const askPort = (port: number): PortAsk => ({ look: 'port', port });

const LOOKED = 'looked';

/** Addresses that ports are listened on at, by port, as the kernel writes them; that anybody looked is a key of its own. */
export const portLook = defineLook<PortAsk, readonly string[]>({
  name: 'port',
  is: (ask): ask is PortAsk => ask.look === 'port',
  shell: [shell],
  key: ({ port }) => String(port),
  call: (asks) =>
    words('fcops_ports', asks.map(({ port }) => port.toString(16).toUpperCase().padStart(4, '0')).join('|')),
  rows: ['listens', 'ports'],
  parse: (rows) => {
    const seen = new Map<string, string[]>();
    for (const [tag, port = '', address = ''] of rows) {
      const key = tag === 'ports' ? LOOKED : port;
      seen.set(key, [...(seen.get(key) ?? []), address]);
    }
    return { seen, reasons: new Map() };
  },
});

/**
 * Whether anybody listens there, on that address or on all; null where nobody could look, or where the port is only
 * listened on at other addresses, of which one may lead to the same host.
 */
export const isListening = (
  seen: Pick<Observation, 'answer'>,
  address: string,
  port: number,
): boolean | null => {
  if (portLook.seen(seen, LOOKED) === undefined) return null;
  const at = portLook.seen(seen, String(port)) ?? [];
  if (at.length === 0) return false;
  return at.some((one) => /^0+$/.test(one) || one.endsWith(kernelAddress(address))) ? true : null;
};

/** `10.0.0.5` as `/proc/net/tcp` has it, the last byte first; of IPv6 (`::ffff:10.0.0.5`) it is the end. */
export const kernelAddress = (address: string): string =>
  address
    .split('.')
    .reverse()
    .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
