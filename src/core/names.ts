/**
 * Names that an inventory gives and a resource uses: one pattern each, so that what the inventory accepts no
 * resource refuses.
 */

/** A package as dpkg or rpm lists it: without version and architecture. */
export const PACKAGE_NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/;

/** A kernel setting, its parts with dots between: `net.core.somaxconn`. */
export const KERNEL_SETTING = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/;

/** An address that a host downloads from. */
export const HTTP_URL = /^https?:\/\/\S+$/;

/** An absolute, normal path of plain characters: no quoting, and no frame that it could break. */
export const PLAIN_PATH = /^(?!.*\/\.{1,2}(?:\/|$))(?:\/[A-Za-z0-9_@%+=:,.-]+)+$/;
