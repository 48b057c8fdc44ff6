/** Whether resources of a kind belong to the start of processes, which comes after all else has been verified. */
export const isOfStart = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'process' || kind === 'init';
