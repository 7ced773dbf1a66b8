import { createElement, type ReactNode } from 'react';
import temml from 'temml';
import { inertHtml } from './inert-html.ts';

/** Of MathML Core and what TeX needs of the rest: nothing that leads anywhere, runs or loads. */
const ELEMENTS = new Set(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd menclose merror'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'accent accentunder columnalign columnlines columnspacing columnspan depth display displaystyle fence form height largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rowspan rspace scriptlevel separator stretchy symmetric voffset width'.split(
    ' ',
  ),
);
/** A formula may colour and space itself, and reach no further. */
const STYLES: Record<string, string> = {
  color: 'color',
  'background-color': 'backgroundColor',
  'padding-left': 'paddingLeft',
  'padding-right': 'paddingRight',
  'padding-top': 'paddingTop',
  'padding-bottom': 'paddingBottom',
  'border-top': 'borderTop',
  'border-bottom': 'borderBottom',
  'border-left': 'borderLeft',
  'border-right': 'borderRight',
  'text-align': 'textAlign',
  'font-weight': 'fontWeight',
  'font-style': 'fontStyle',
};

/**
 * A formula in TeX as MathML, which browsers lay out and screen readers speak.
 * @throws for what is no TeX
 */
export function renderMaths(tex: string, display: boolean): ReactNode {
  const markup = temml.renderToString(tex, {
    displayMode: display,
    throwOnError: true,
    trust: false,
    maxExpand: 500,
    maxSize: [20, 50],
  });
  // Under another name: a strict Content-Security-Policy reports each inline style, also where nothing is shown.
  const inert = inertHtml(markup.replaceAll(' style="', ' data-style="'));
  const math = new DOMParser().parseFromString(inert, 'text/html').querySelector('math');
  if (!math) throw new Error('No formula came of it.');
  return elementOf(math, 0);
}

function elementOf(node: Element, key: number): ReactNode {
  const name = node.localName;
  const children = [...node.childNodes].map((child, index) =>
    child.nodeType === Node.TEXT_NODE ? child.textContent : elementOf(child as Element, index),
  );
  if (!ELEMENTS.has(name)) return children;
  const props: Record<string, unknown> = { key };
  for (const { name: attribute, value } of node.attributes) {
    if (ATTRIBUTES.has(attribute)) props[attribute] = value;
    else if (attribute === 'data-style') props.style = styleOf(value);
  }
  return createElement(name, props, ...children);
}

function styleOf(text: string): Record<string, string> {
  const style: Record<string, string> = {};
  for (const declaration of text.split(';')) {
    const [property = '', value = ''] = declaration.split(/:(.*)/s).map((part) => part.trim());
    const name = STYLES[property];
    if (name && !/[(\\]/.test(value)) style[name] = value;
  }
  return style;
}
