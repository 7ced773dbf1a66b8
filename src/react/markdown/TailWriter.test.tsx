// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { ENGLISH } from '../strings.ts';
import { Markdown } from './Markdown.tsx';
import { TailWriter } from './TailWriter.ts';

afterEach(cleanup);

function open(text: string) {
  const tail = new TailWriter();
  const shown = (words: string, streaming = true) => (
    <div ref={(element) => tail.attach(element)}>
      <Markdown text={words} streaming={streaming} strings={ENGLISH} tail={tail} />
    </div>
  );
  const { container, rerender } = render(shown(text));
  return { tail, container, show: (words: string, streaming?: boolean) => rerender(shown(words, streaming)) };
}

const whole = (text: string) => {
  const { container } = render(<Markdown text={text} strings={ENGLISH} />);
  return container.innerHTML;
};

test('further words are written into the node that they go on from, and React goes on from there', () => {
  const { tail, container, show } = open('One **two** three');
  const node = container.querySelector('p')!.lastChild as Text;
  expect(tail.write('One **two** three four')).toBe(true);
  expect(tail.write('One **two** three four five')).toBe(true);
  expect(node.data).toBe(' three four five');
  expect(tail.write('One **two** three four five `s')).toBe(false);
  show('One **two** three four five `six`', false);
  expect(container.querySelector('p')!.childNodes[2]).toBe(node);
  expect(container.firstElementChild!.innerHTML).toBe(whole('One **two** three four five `six`'));
});

test.each([
  ['words that React rendered before', 'One two'],
  ['fewer', 'One'],
  ['others', 'Else'],
  ['more', 'One two three four and five'],
])('a text that is another in the end stands there whole: %s', (_, end) => {
  const { tail, container, show } = open('One two');
  expect(tail.write('One two three')).toBe(true);
  expect(tail.write('One two three four')).toBe(true);
  show(end, false);
  expect(container.textContent).toBe(end);
});

test('nothing is written where words were made of the text, or stand behind it', () => {
  const note = open('One[^1]\n\n[^1]: the note');
  expect(note.tail.write('One[^1]\n\n[^1]: the note says')).toBe(false);
  const { tail, container } = open('- one\n- two');
  expect(tail.write('- one\n- two three')).toBe(true);
  expect(container.querySelectorAll('li')[1]!.textContent).toBe('two three');
});
