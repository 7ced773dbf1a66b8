import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { signIn } from './api.ts';
import { useTheme } from './ThemeSwitch.tsx';

/** Stands for the host app's own sign-in page. */
export function SignIn() {
  const [name, setName] = useState('');
  const [theme] = useTheme();
  const queries = useQueryClient();
  const enter = useMutation({ mutationFn: signIn, onSuccess: (me) => queries.setQueryData(['me'], me) });

  return (
    <div className="demo demo-centre" data-theme={theme}>
      <form
        className="demo-card"
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate(name);
        }}
      >
        <h1>Sign in to the demo</h1>
        <p>
          Pick any name. Open this page in a second browser, sign in there as somebody else, and talk. “Agent Ben” has
          an inbox.
        </p>
        <label htmlFor="name">Your name</label>
        <input
          id="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={40}
          autoComplete="nickname"
          aria-describedby={enter.isError ? 'name-problem' : undefined}
          autoFocus
          required
        />
        {enter.isError && (
          <p id="name-problem" className="demo-problem" role="alert">
            {enter.error.message}
          </p>
        )}
        <button type="submit" disabled={enter.isPending}>
          Sign in
        </button>
      </form>
    </div>
  );
}
