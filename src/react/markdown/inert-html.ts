interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}

let toTrusted: ((html: string) => string) | undefined;

/**
 * Markup for a parser whose result is read and never shown, where nothing runs and nothing loads: as a page that requires Trusted
 * Types takes it, by the policy `latchkit`. A page that does not name that policy gets no formulas and only the basic entities.
 */
export function inertHtml(html: string): string {
  toTrusted ??= makePolicy();
  return toTrusted(html);
}

function makePolicy(): (html: string) => string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  try {
    const policy = trustedTypes?.createPolicy('latchkit', { createHTML: (html) => html });
    if (policy) return (html) => policy.createHTML(html);
  } catch {
    // Its name is not on the page's list.
  }
  return (html) => html;
}
