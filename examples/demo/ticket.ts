import { setTimeout as sleep } from 'node:timers/promises';
import type { PartActionContext } from 'latchkit/server';

/** A form in an answer: one of the widgets that the window draws. */
export const TICKET_FORM = {
  type: 'data-chatkit-widget',
  id: 'ticket',
  data: {
    widget: {
      type: 'Card',
      children: [
        { type: 'Title', value: 'A ticket for the next tour' },
        {
          type: 'Form',
          onSubmitAction: { type: 'ticket.order' },
          children: [
            { type: 'Label', value: 'How many of you are coming?', fieldName: 'people' },
            {
              type: 'RadioGroup',
              name: 'people',
              ariaLabel: 'How many of you are coming?',
              defaultValue: '1',
              options: ['1', '2', '3'].map((value) => ({ value, label: value })),
            },
            { type: 'Button', label: 'Order', submit: true, style: 'primary' },
          ],
        },
      ],
    },
  },
};

/** Somebody sent the form: it becomes the ticket, and the answer goes on. */
export async function* onAction({ user, part, action, signal }: PartActionContext) {
  const people = part.id === TICKET_FORM.id ? readOrder(action.data) : null;
  if (people !== null) {
    await sleep(300, undefined, { signal });
    const title = { type: 'Title', value: people === '1' ? 'One ticket' : `${people} tickets` };
    const badge = { type: 'Badge', label: 'Ordered', color: 'success' };
    const row = { type: 'Row', children: [title, { type: 'Spacer' }, badge] };
    const name = { type: 'Caption', value: `In the name of ${user.name}` };
    yield { ...TICKET_FORM, data: { widget: { type: 'Card', children: [row, name] } } };
    yield { type: 'text-start', id: 'ordered' };
    yield {
      type: 'text-delta',
      id: 'ordered',
      delta: `Thank you, ${user.name}. **Everybody here** sees this ticket now.`,
    };
    yield { type: 'text-end', id: 'ordered' };
  }
  yield { type: 'finish' };
}

/** What a browser sends can be anything. */
function readOrder(data: unknown): string | null {
  const { type, payload } = (data ?? {}) as { type?: unknown; payload?: { people?: unknown } };
  const people = payload?.people;
  return type === 'ticket.order' && (people === '1' || people === '2' || people === '3') ? people : null;
}
