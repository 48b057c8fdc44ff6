/** Shell files are bundled as text (scripts/build.mjs, vitest.config.ts). */
declare module '*.sh' {
  const text: string;
  export default text;
}
