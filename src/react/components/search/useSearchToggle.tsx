import Search from 'lucide/dist/esm/icons/search.mjs';
import { useRef, useState, type ReactNode } from 'react';
import { Icon } from '../parts/Icon.tsx';
import { searchPart } from './lazy-parts.ts';

/** A button that opens and closes a search, and gets the focus back from it. */
export function useSearchToggle() {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  const back = () => {
    close();
    opener.current?.focus();
  };
  const button = (label: string): ReactNode => (
    <button
      ref={opener}
      type="button"
      className="lk-icon-button lk-open-search"
      aria-label={label}
      aria-expanded={isOpen}
      onPointerEnter={searchPart.preload}
      onClick={() => setOpen(!isOpen)}
    >
      <Icon of={Search} size={18} />
    </button>
  );
  return { isOpen, close, back, button };
}
