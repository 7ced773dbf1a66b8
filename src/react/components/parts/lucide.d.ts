/** One icon's shapes without a component around them: `Icon` draws them all, so that another icon costs a hundred bytes. */
declare module 'lucide/dist/esm/icons/*.mjs' {
  const shapes: readonly (readonly [tag: string, attributes: Record<string, string | number | undefined>])[];
  export { shapes as default };
}
