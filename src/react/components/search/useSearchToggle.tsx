import Search from 'lucide/dist/esm/icons/search.mjs';
import { useRef, useState, type ReactNode } from 'react';
import { IconButton } from '../parts/IconButton.tsx';
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
    <IconButton
      icon={Search}
      size={18}
      label={label}
      buttonRef={opener}
      className="lk-open-search"
      aria-expanded={isOpen}
      onPointerEnter={searchPart.preload}
      onClick={() => setOpen(!isOpen)}
    />
  );
  return { isOpen, close, back, button };
}
