import { useEffect, useLayoutEffect } from 'react';

/** React 18 warns of a layout effect during server rendering, where none runs anyway. */
export const useIsomorphicLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;
