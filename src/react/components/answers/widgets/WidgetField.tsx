import type { ReactNode } from 'react';
import { iconPart } from './lazy-components.ts';
import { useWidget } from './WidgetContext.ts';
import { actionOf, optionsOf, textOf, withFields, type WidgetNode } from './widget-node.ts';

const INPUT_TYPES = new Set(['number', 'email', 'text', 'password', 'tel', 'url']);

export function WidgetButton({ node, inForm }: { node: WidgetNode; inForm: boolean }): ReactNode {
  const { act, isOff } = useWidget();
  const action = actionOf(node.onClickAction);
  const submits = inForm && node.submit === true;
  const [words, start, end] = [textOf(node.label), textOf(node.iconStart), textOf(node.iconEnd)];
  // One that shows an icon alone is called by what it does.
  const name = words === '' ? (action?.type ?? (start || end)) : undefined;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      className="lk-button"
      aria-label={name}
      title={name}
      data-primary={node.style === 'primary'}
      disabled={isOff || node.disabled === true || (!submits && !action)}
      onClick={() => {
        if (!submits && action) act(action);
      }}
    >
      {start !== '' && <iconPart.Part name={start} size={node.iconSize} />}
      {words}
      {end !== '' && <iconPart.Part name={end} size={node.iconSize} />}
    </button>
  );
}

/** A field of a form, or one that tells its change at once. */
export function WidgetField({ node }: { node: WidgetNode }): ReactNode {
  const { id, act, isOff } = useWidget();
  const name = textOf(node.name);
  const fieldId = `${id}${name}`;
  const words = textOf(node.placeholder) || name;
  const told = actionOf(node.onChangeAction);
  const changed = (value: string | boolean) => {
    if (told) act(withFields(told, { [name]: value }));
  };
  const common = {
    id: fieldId,
    name,
    required: node.required === true,
    disabled: node.disabled === true || (told !== null && isOff),
  };
  // Named by its <label> where there is one: a name of its own would hide it.
  const title = { title: words };
  const value = textOf(node.defaultValue);
  switch (node.type) {
    case 'Label':
      return (
        <label className="lk-widget-label" htmlFor={`${id}${textOf(node.fieldName)}`} dir="auto">
          {textOf(node.value)}
        </label>
      );
    case 'Textarea': {
      const rows = typeof node.rows === 'number' ? node.rows : 3;
      return (
        <textarea
          {...common}
          {...title}
          placeholder={textOf(node.placeholder)}
          defaultValue={value}
          rows={rows}
          dir="auto"
        />
      );
    }
    case 'Select':
      return (
        <select {...common} {...title} defaultValue={value} onChange={({ target }) => changed(target.value)}>
          <option value="">{textOf(node.placeholder) || '–'}</option>
          {optionsOf(node).map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      );
    case 'Checkbox':
      return (
        <label className="lk-widget-choice">
          <input
            {...common}
            type="checkbox"
            defaultChecked={node.defaultChecked === true}
            onChange={({ target }) => changed(target.checked)}
          />
          <span dir="auto">{textOf(node.label) || name}</span>
        </label>
      );
    case 'RadioGroup':
      return (
        <fieldset className="lk-widget-choices" aria-label={textOf(node.ariaLabel) || name}>
          {optionsOf(node).map((option) => (
            <label key={option.value} className="lk-widget-choice">
              <input
                type="radio"
                name={name}
                value={option.value}
                required={common.required}
                disabled={common.disabled || option.disabled}
                defaultChecked={option.value === value}
                onChange={() => changed(option.value)}
              />
              <span dir="auto">{option.label}</span>
            </label>
          ))}
        </fieldset>
      );
    case 'DatePicker':
      return (
        <input
          {...common}
          {...title}
          type="date"
          defaultValue={value.slice(0, 10)}
          min={textOf(node.min).slice(0, 10) || undefined}
          max={textOf(node.max).slice(0, 10) || undefined}
          onChange={({ target }) => changed(target.value)}
        />
      );
    default: {
      const type = textOf(node.inputType);
      return (
        <input
          {...common}
          {...title}
          type={INPUT_TYPES.has(type) ? type : 'text'}
          placeholder={textOf(node.placeholder)}
          defaultValue={value}
          dir="auto"
        />
      );
    }
  }
}
