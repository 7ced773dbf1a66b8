/** Numbers, plurals and lists by the language's own rules. The Intl objects are kept: making one costs more than using it. */
const numbers = new Map<string, Intl.NumberFormat>();
const rules = new Map<string, Intl.PluralRules>();
const lists = new Map<string, Intl.ListFormat>();

function kept<Kind>(cache: Map<string, Kind>, key: string, make: () => Kind): Kind {
  let found = cache.get(key);
  if (!found) {
    found = make();
    cache.set(key, found);
  }
  return found;
}

/** `10,000`, or as the locale writes it. @param locale BCP 47; undefined is the browser's own */
export function numberIn(locale: string | undefined, value: number): string {
  return kept(numbers, locale ?? '', () => new Intl.NumberFormat(locale)).format(value);
}

/** The form of a word that goes with a count: one per plural category that the language has; `other` stands in for the rest. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

export function pluralIn(locale: string, count: number, forms: PluralForms): string {
  return forms[kept(rules, locale, () => new Intl.PluralRules(locale)).select(count)] ?? forms.other;
}

/** `Ada, Ben and you`. */
export function listIn(locale: string, items: readonly string[]): string {
  return kept(lists, locale, () => new Intl.ListFormat(locale, { type: 'conjunction' })).format(items);
}
