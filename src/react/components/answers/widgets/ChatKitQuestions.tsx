import { useId, type ReactNode, type SubmitEvent } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { errorText } from '../../../strings.ts';
import { usePartAction, type PartActionProps } from './usePartAction.ts';
import { isNode, isRecord, optionsOf, textOf, type WidgetNode } from './widget-node.ts';

/** What a ChatKit server asks of the person: choices and words of their own, answered or skipped once. Afterwards, what was answered. */
export function ChatKitQuestions(props: PartActionProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const { act, pending, isOff, error } = usePartAction(props);
  const data = isRecord(props.part.data) ? props.part.data : {};
  const inputs = (Array.isArray(data.inputs) ? data.inputs : []).filter(isNode);
  if (data.status !== 'pending') return <Answered inputs={inputs} />;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const answers = inputs.map((input) => {
      const id = textOf(input.id);
      const values = form.getAll(id).filter((value) => typeof value === 'string' && value.trim() !== '');
      return [id, { values, skipped: values.length === 0 }];
    });
    if (!isOff) act({ status: 'answered', answers: Object.fromEntries(answers) as unknown });
  };
  return (
    <form className="lk-widget" aria-busy={pending} onSubmit={submit}>
      <div className="lk-widget-card">
        {inputs.map((input) => (
          <Question key={textOf(input.id)} input={input} />
        ))}
        <div className="lk-widget-row lk-widget-ends">
          <button
            type="button"
            className="lk-button"
            disabled={isOff}
            onClick={() => act({ status: 'skipped', answers: {} })}
          >
            {strings.questionsSkip}
          </button>
          <button type="submit" className="lk-button" data-primary="true" disabled={isOff}>
            {strings.send}
          </button>
        </div>
      </div>
      {error && (
        <p className="lk-widget-error" role="alert">
          {errorText(strings, error).what}
        </p>
      )}
    </form>
  );
}

function Question({ input }: { input: WidgetNode }): ReactNode {
  const id = useId();
  const [name, question, description] = [textOf(input.id), textOf(input.question), textOf(input.description)];
  if (input.type === 'multiple_choice') {
    return (
      <fieldset className="lk-widget-choices">
        <legend className="lk-widget-label" dir="auto">
          {question}
        </legend>
        {optionsOf(input).map(({ value }) => (
          <label key={value} className="lk-widget-choice">
            <input type={input.multiple === true ? 'checkbox' : 'radio'} name={name} value={value} />
            <span dir="auto">{value}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <>
      <label className="lk-widget-label" htmlFor={id} dir="auto">
        {question}
      </label>
      {description !== '' && (
        <span className="lk-widget-note" id={`${id}-more`} dir="auto">
          {description}
        </span>
      )}
      <textarea
        id={id}
        name={name}
        rows={2}
        dir="auto"
        aria-describedby={description === '' ? undefined : `${id}-more`}
      />
    </>
  );
}

function Answered({ inputs }: { inputs: readonly WidgetNode[] }): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  return (
    <dl className="lk-widget lk-widget-card">
      {inputs.map((input) => {
        const values = isRecord(input.answer) && Array.isArray(input.answer.values) ? input.answer.values : [];
        return (
          <div key={textOf(input.id)}>
            <dt className="lk-widget-note" dir="auto">
              {textOf(input.question)}
            </dt>
            <dd className="lk-widget-text" dir="auto">
              {values.map(textOf).join(', ') || strings.questionsSkipped}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
