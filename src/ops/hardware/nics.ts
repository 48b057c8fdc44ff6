/** A network card, by each of its links. */
export interface Nic {
  readonly name: string;
  /** PCI address. */
  readonly address: string;
  readonly driver: string;
  readonly mac: string;
  /** `up`, `down`, `unknown` */
  readonly state: string;
  /** Mbit/s; null: it is down, or does not say. */
  readonly speed: number | null;
  /** Times that its link went up or down since the machine was started; null: the kernel does not count. */
  readonly changes: number | null;
}

export const readNics = (rows: readonly (readonly string[])[]): readonly Nic[] =>
  rows.flatMap(
    ([name = '', address = '', state = '', speed = '', changes = '', mac = '', driver = '']): Nic[] =>
      name === ''
        ? []
        : [
            {
              ...{ name, address, state, mac, driver },
              speed: Number(/^[1-9]\d{0,7}$/.exec(speed)?.[0]) || null,
              changes: /^\d{1,9}$/.test(changes) ? Number(changes) : null,
            },
          ],
  );
