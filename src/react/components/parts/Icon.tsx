import { createElement, type ReactNode } from 'react';

/** The shapes of an icon, as the package `lucide` has them: on a field of 24 by 24. */
export type IconShapes = readonly (readonly [tag: string, attributes: Record<string, string | number | undefined>])[];

/** Takes the colour of the words around it. An ornament: what it stands for is said beside it, or by the button that holds it. */
export function Icon({ of: shapes, size }: { of: IconShapes; size: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes.map(([tag, attributes], index) => createElement(tag, { key: index, ...attributes }))}
    </svg>
  );
}
