/** A component of a widget as the server wrote it: nothing in it is certain. */
export type WidgetNode = Readonly<Record<string, unknown>> & { readonly type: string };

export interface WidgetAction {
  type: string;
  payload?: unknown;
}

/** Components that a person uses: none of them stands within another. */
const CONTROLS = new Set(['Button', 'Form', 'Input', 'Textarea', 'Select', 'Checkbox', 'RadioGroup', 'DatePicker']);

export function childrenOf({ children }: WidgetNode): WidgetNode[] {
  return (Array.isArray(children) ? children : [children]).filter(isNode);
}

export function hasControls(node: WidgetNode): boolean {
  return CONTROLS.has(node.type) || childrenOf(node).some(hasControls);
}

export function isNode(value: unknown): value is WidgetNode {
  return isRecord(value) && typeof value.type === 'string';
}

export function actionOf(value: unknown): WidgetAction | null {
  return isNode(value) ? value : null;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function optionsOf({ options }: WidgetNode): { value: string; label: string; disabled: boolean }[] {
  return (Array.isArray(options) ? options : []).filter(isRecord).map(({ value, label, disabled }) => ({
    value: textOf(value),
    label: textOf(label) || textOf(value),
    disabled: disabled === true,
  }));
}

/** An action with what was filled in or chosen: it goes into the payload, under the names of the fields. */
export function withFields(action: WidgetAction, fields: Record<string, unknown>): WidgetAction {
  return { ...action, payload: { ...(isRecord(action.payload) && action.payload), ...fields } };
}

export function fieldsOf(form: HTMLFormElement): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields[name] = value;
  // An empty one says something, too.
  for (const box of form.querySelectorAll<HTMLInputElement>('input[type=checkbox]'))
    if (box.name !== '') fields[box.name] = box.checked;
  return fields;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
