import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import 'latchkit/styles.css';
import './page.css';

export const metadata: Metadata = { title: 'LatchKit in Next' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
