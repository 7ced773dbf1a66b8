import type { Item } from './types.ts';

export type Update = { type: string } & Record<string, unknown>;
type Component = Record<string, unknown>;

/**
 * Brings an item that is no text up to date, in its place. One that this version does not know, or that does not fit what it is for, is
 * passed over.
 * @returns whether the item is another now
 */
export function updateItem(item: Item, update: Update): boolean {
  if (update.type.startsWith('widget.')) return updateWidget(item, update);
  if (update.type.startsWith('workflow.task.')) return updateWorkflow(item, update);
  if (update.type !== 'generated_image.updated') return false;
  item.image = update.image;
  return true;
}

/** Tasks come one after the other: there is none behind a hole. */
function updateWorkflow({ workflow }: Item, { type, task_index: at, task }: Update): boolean {
  const tasks = (workflow as { tasks?: unknown } | null | undefined)?.tasks;
  if (!Array.isArray(tasks) || typeof task !== 'object' || task === null) return false;
  if (type !== 'workflow.task.added' && type !== 'workflow.task.updated') return false;
  if (typeof at !== 'number' || !Number.isInteger(at) || at < 0 || at > tasks.length) return false;
  tasks[at] = task;
  return true;
}

function updateWidget(item: Item, update: Update): boolean {
  switch (update.type) {
    case 'widget.root.updated':
      item.widget = update.widget;
      return true;
    case 'widget.component.updated':
      item.widget = replaced(item.widget, update.component_id, () => update.component as Component);
      return true;
    case 'widget.streaming_text.value_delta':
      item.widget = replaced(item.widget, update.component_id, (component) => ({
        ...component,
        value: `${(component.value as string | undefined) ?? ''}${String(update.delta)}`,
      }));
      return true;
    default:
      return false;
  }
}

/** A tree in which one component, wherever it stands, is another one. */
function replaced(tree: unknown, id: unknown, change: (component: Component) => Component): unknown {
  if (Array.isArray(tree)) return tree.map((each) => replaced(each, id, change));
  if (typeof tree !== 'object' || tree === null) return tree;
  const component = tree as Component;
  if (component.id === id) return change(component);
  return Object.fromEntries(Object.entries(component).map(([key, value]) => [key, replaced(value, id, change)]));
}
