/**
 * The same function, worked out once for each key object and kept as long as the key lives. For pure work
 * that many hosts have in common.
 */
export const remember = <Key extends object, Value>(work: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const kept = known.get(key) ?? { value: work(key) };
    known.set(key, kept);
    return kept.value;
  };
};

/** What takes time to make, made when it is first asked for and kept. */
export const onDemand = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
