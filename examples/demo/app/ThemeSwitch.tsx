import { useEffect, useState } from 'react';

export type Theme = 'light' | 'dark' | 'system';
const KEY = 'demo-theme';
const LABELS: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

/** The chosen theme, kept across reloads. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => (localStorage.getItem(KEY) as Theme | null) ?? 'system');
  useEffect(() => {
    localStorage.setItem(KEY, theme);
  }, [theme]);
  return [theme, setTheme];
}

export function ThemeSwitch({ theme, onChange }: { theme: Theme; onChange: (theme: Theme) => void }) {
  return (
    <select
      className="demo-quiet"
      aria-label="Theme"
      value={theme}
      onChange={(event) => onChange(event.target.value as Theme)}
    >
      {Object.entries(LABELS).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
