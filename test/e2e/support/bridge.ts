import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

/** The bridge that the booted hosts are on. */
export const BRIDGE = 'fcops-e2e';
/** The address of this machine on the bridge: where an artifact server listens for the hosts. */
export const BRIDGE_ADDRESS = '10.198.77.1';

/** Makes the bridge unless it is there. */
export const addBridge = async (): Promise<void> => {
  const { exitCode } = await execa('ip', ['link', 'show', BRIDGE], { reject: false });
  if (exitCode === 0) return;
  await execa('ip', ['link', 'add', BRIDGE, 'type', 'bridge']);
  await execa('ip', ['address', 'add', `${BRIDGE_ADDRESS}/24`, 'dev', BRIDGE]);
  await execa('ip', ['link', 'set', BRIDGE, 'up']);
};

/** Removes the bridge, unless a host of another run is still on it. */
export const removeBridge = async (): Promise<void> => {
  // The kernel takes the network of a host that has ended apart a moment later.
  for (let tries = 0; tries < 100; tries += 1) {
    const ports = await readdir(`/sys/class/net/${BRIDGE}/brif`).catch(() => undefined);
    if (!ports) return;
    if (ports.length === 0) {
      await execa('ip', ['link', 'delete', BRIDGE]);
      return;
    }
    await delay(100);
  }
};
