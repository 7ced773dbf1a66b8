/**
 * Reads the protocol's schemas as they are written: which frames and objects there are, their fields, types and comments. From the source
 * and not from the schemas at run time, because comments do not survive and descriptions in the schemas would travel to every browser.
 */
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

export interface FieldDoc {
  name: string;
  type: string;
  optional: boolean;
  description: string;
}

export interface ObjectDoc {
  name: string;
  description: string;
  fields: FieldDoc[];
}

interface ScalarDoc {
  name: string;
  type: string;
  description: string;
}

interface LimitDoc {
  name: string;
  value: number;
  description: string;
}

interface ProtocolSource {
  clientFrames: ObjectDoc[];
  serverFrames: ObjectDoc[];
  objects: ObjectDoc[];
  scalars: ScalarDoc[];
  limits: LimitDoc[];
  serverLimits: LimitDoc[];
}

/** Schemas that the document gives a name of their own. The others are written out where they stand. */
const SCALARS: Record<string, string> = {
  idSchema: 'id',
  requestIdSchema: 'requestId',
  seqSchema: 'seq',
  timeSchema: 'time',
  durationSchema: 'duration',
};
const OBJECTS: Record<string, string> = {
  messageSchema: 'Message',
  textPartSchema: 'TextPart',
  mentionSchema: 'Mention',
  filePartSchema: 'FilePart',
  textPartInputSchema: 'TextPartInput',
  filePartInputSchema: 'FilePartInput',
  reasoningPartSchema: 'ReasoningPart',
  sourceUrlPartSchema: 'SourceUrlPart',
  sourceDocumentPartSchema: 'SourceDocumentPart',
  toolPartSchema: 'ToolPart',
  dynamicToolPartSchema: 'DynamicToolPart',
  approvalSchema: 'Approval',
  dataPartSchema: 'DataPart',
  stepStartPartSchema: 'StepStartPart',
  attemptSchema: 'Attempt',
  ratingSchema: 'Rating',
  threadEventSchema: 'ThreadEvent',
  answerSchema: 'Answer',
  openPartsSchema: 'OpenParts',
  linkPreviewSchema: 'LinkPreview',
  reactionSchema: 'Reaction',
  uploadLimitsSchema: 'UploadLimits',
  userSchema: 'User',
  threadSchema: 'Thread',
  memberSchema: 'Member',
  receiptSchema: 'Receipt',
  ownStateSchema: 'OwnState',
  searchHitSchema: 'SearchHit',
  reportSchema: 'Report',
  reportedMessageSchema: 'ReportedMessage',
  rangeSchema: 'Range',
};
const CHOICES: Record<string, string> = { roleSchema: 'Role', accessSchema: 'Access' };
const NAMES: Record<string, string> = { ...SCALARS, ...CHOICES };

/** What the source cannot say of itself: these have no comment, or one for whoever reads the code. */
const SCALAR_MEANINGS: Record<string, string> = {
  duration: 'A time span in milliseconds.',
};

/** Fields whose name means the same wherever it stands; a field's own comment in the source goes before. */
const FIELD_MEANINGS: Record<string, string> = {
  access: 'Who may read and write.',
  approved: 'Whether it may.',
  attachmentId: 'Of the uploaded file.',
  author: 'Who wrote it.',
  beforeSeq: 'Only messages with a smaller `seq`.',
  aroundMessageId: 'A message of the thread.',
  afterSeq: 'The place in the log up to which the client knows everything. Left out at the first opening.',
  count: 'How many people gave it.',
  createdAt: 'When the server stored it.',
  cursor: '`nextCursor` of the page before; left out for the first page.',
  emoji: 'One emoji: no white space, control character or half of a surrogate pair.',
  error: 'What was wrong; `code` is one of the [error codes](#error-codes).',
  expiresInMs: 'What the token has left, by the server’s clock. Count it from the moment that the frame arrived.',
  filename: 'As the person who uploaded it named it.',
  hasOlder: 'Whether older messages exist before the first of these.',
  height: 'As `width`.',
  hits: 'The newest first.',
  id: 'Names it.',
  joinedAt: 'When the person came in.',
  limit: 'Most messages in the answer.',
  member: 'The person and the role.',
  members: 'In the order in which they joined.',
  memberCount: 'How many people are in it.',
  message: 'The message.',
  messageId: 'Which message.',
  messages: 'See above for their order.',
  people: 'The best matches first.',
  protocol: 'The version: `1`.',
  query: 'What the person typed.',
  reactions: 'In the order in which each was first given.',
  reported: 'The last reported first.',
  readSeq: 'They have read up to this place in the log.',
  receipts: 'Those who have read furthest first.',
  requestId: 'Joins request and answer.',
  role: 'What the person is in the thread.',
  seq: 'Its place in its thread’s log.',
  serverTime:
    'Milliseconds since 1970-01-01T00:00Z by the server’s clock, for showing times and not for counting lives.',
  text: 'The text.',
  thread: 'The thread, as this person sees it.',
  threadId: 'Which thread.',
  threads: 'The latest first.',
  title: 'Shown name.',
  toolName: 'Which tool.',
  token: 'As the token endpoint gave it.',
  type: 'Tells the kinds of part apart.',
  url: 'Signed link to the file, absolute or relative to the server’s origin.',
  urlExpiresAt: 'When the link lapses: milliseconds since 1970-01-01T00:00Z by the server’s clock.',
  user: 'The person.',
  userId: 'Which person.',
};

interface Declaration {
  name: string;
  value: ts.Expression;
  description: string;
}

/** Everything of the room, under its name. */
class Source {
  readonly #declarations = new Map<string, Declaration>();
  readonly #files = new Map<string, ts.SourceFile>();

  constructor(paths: readonly string[]) {
    for (const path of paths) {
      const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      this.#files.set(path, file);
      for (const statement of file.statements) {
        if (!ts.isVariableStatement(statement)) continue;
        for (const { name, initializer } of statement.declarationList.declarations) {
          if (!ts.isIdentifier(name) || !initializer) continue;
          const declaration = { name: name.text, value: unwrap(initializer), description: commentOf(statement) };
          // Two files may have one of the same name for themselves; the described one speaks for both.
          const known = this.#declarations.get(name.text);
          if (!known || (known.description === '' && declaration.description !== '')) {
            this.#declarations.set(name.text, declaration);
          }
        }
      }
    }
  }

  file(path: string): ts.SourceFile {
    const file = this.#files.get(path);
    if (!file) throw new Error(`${path} was not read.`);
    return file;
  }

  has(name: string): boolean {
    return this.#declarations.has(name);
  }

  get(name: string): Declaration {
    const declaration = this.#declarations.get(name);
    if (!declaration) throw new Error(`Nothing in the protocol is called ${name}.`);
    return declaration;
  }

  number(expression: ts.Expression): number {
    if (ts.isNumericLiteral(expression)) return Number(expression.text);
    if (ts.isIdentifier(expression)) return this.number(this.get(expression.text).value);
    throw new Error(`Not a number: ${expression.getText()}`);
  }

  /** A frame's or object's fields, those of a spread object too. */
  fields(object: ts.ObjectLiteralExpression): FieldDoc[] {
    return object.properties.flatMap((property): FieldDoc[] => {
      if (ts.isSpreadAssignment(property)) {
        const { value } = this.get(property.expression.getText());
        if (!ts.isObjectLiteralExpression(value)) throw new Error(`Cannot spread ${property.getText()}.`);
        return this.fields(value);
      }
      if (!ts.isPropertyAssignment(property)) throw new Error(`Cannot read the field ${property.getText()}.`);
      const { type, optional } = this.type(property.initializer);
      const own = commentOf(property);
      // A field of a schema with a description and without a name takes that description.
      const schema = ts.isIdentifier(property.initializer) ? property.initializer.text : '';
      const shared = schema in NAMES || schema in OBJECTS || !this.has(schema) ? '' : this.get(schema).description;
      return [
        {
          name: property.name.getText(),
          type,
          optional,
          description: own || shared || (FIELD_MEANINGS[property.name.getText()] ?? ''),
        },
      ];
    });
  }

  type(expression: ts.Expression): { type: string; optional: boolean } {
    const { callee, args } = callOf(expression);
    if (callee === 'optional') return { ...this.type(first(args)), optional: true };
    return { type: this.#type(expression), optional: false };
  }

  #type(expression: ts.Expression): string {
    if (ts.isIdentifier(expression)) {
      const named = NAMES[expression.text];
      if (named !== undefined) return `[\`${named}\`](#${named in SCALAR_ANCHORS ? 'types' : named.toLowerCase()})`;
      const object = OBJECTS[expression.text];
      if (object !== undefined) return `[\`${object}\`](#${object.toLowerCase()})`;
      return this.#type(this.get(expression.text).value);
    }
    const { callee, args } = callOf(expression);
    switch (callee) {
      case 'string':
      case 'boolean':
      case 'number':
        return callee;
      case 'unknown':
        return 'anything';
      case 'custom':
        return 'string';
      case 'record':
        return `object of ${this.#type(args[1]!)} by ${this.#type(first(args))}`;
      case 'looseObject':
        return `object with a ${this.fields(literalOf(first(args)))
          .map(({ name }) => `\`${name}\``)
          .join(', ')}`;
      case 'union':
        return list(first(args))
          .map((option) => this.#type(option))
          .join(' or ');
      case 'literal':
        return `\`${first(args).getText().replaceAll("'", '"')}\``;
      case 'picklist':
        return picks(first(args));
      case 'nullable':
        return `${this.#type(first(args))} or null`;
      case 'fallback':
        return this.#type(first(args));
      case 'array': {
        const item = this.#type(first(args));
        return `array of ${item}`;
      }
      case 'variant':
        return list(args[1])
          .map((option) => this.#type(option))
          .join(' or ');
      case 'object':
        return `object of ${this.fields(literalOf(first(args)))
          .map(({ name, type, optional }) => `\`${name}\` (${type}${optional ? ', optional' : ''})`)
          .join(', ')}`;
      case 'pipe':
        return this.#pipe(args);
      default:
        throw new Error(`The document cannot say ${expression.getText()}: teach scripts/protocol-source.ts.`);
    }
  }

  #pipe([base, ...actions]: readonly ts.Expression[]): string {
    if (!base) throw new Error('An empty pipe.');
    let type = this.#type(base);
    let min: number | null = null;
    let max: number | null = null;
    for (const action of actions) {
      const { callee, args } = callOf(action);
      if (callee === 'safeInteger') type = 'integer';
      else if (callee === 'nonEmpty') min = 1;
      else if (callee === 'minValue' || callee === 'minLength') min = this.number(first(args));
      else if (callee === 'maxValue' || callee === 'maxLength') max = this.number(first(args));
      // Said in words by the field's comment.
      else if (callee === 'check') continue;
      // Said in words by the schema's comment.
      else if (callee === 'transform') type = `array of ${this.#type(this.get('messagePartSchema').value)}`;
      else if (callee !== 'regex') throw new Error(`The document cannot say ${action.getText()}.`);
    }
    return `${type}${range(type, min, max)}`;
  }
}

const SCALAR_ANCHORS: Record<string, true> = Object.fromEntries(
  [...Object.values(SCALARS), ...Object.values(CHOICES)].map((name) => [name, true]),
);

function range(type: string, min: number | null, max: number | null): string {
  if (min === null && max === null) return '';
  const unit = type === 'string' ? ' UTF-16 code units' : type.startsWith('array') ? ' of them' : '';
  const number = (value: number) => value.toLocaleString('en-GB');
  if (max === null) return type === 'string' ? ', not empty' : unit === '' ? ` ≥ ${min}` : `, at least ${min}${unit}`;
  if (min === null) return `, at most ${number(max)}${unit}`;
  return unit === '' ? ` ${min}–${number(max)}` : `, ${min}–${number(max)}${unit}`;
}

function callOf(expression: ts.Expression): { callee: string; args: readonly ts.Expression[] } {
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) {
    return { callee: '', args: [] };
  }
  return { callee: expression.expression.name.text, args: expression.arguments };
}

function first(args: readonly ts.Expression[]): ts.Expression {
  if (!args[0]) throw new Error('An argument is missing.');
  return args[0];
}

function list(expression: ts.Expression | undefined): readonly ts.Expression[] {
  if (!expression || !ts.isArrayLiteralExpression(expression)) throw new Error('Expected a list.');
  return expression.elements;
}

function literalOf(expression: ts.Expression): ts.ObjectLiteralExpression {
  if (!ts.isObjectLiteralExpression(expression)) throw new Error(`Expected fields: ${expression.getText()}`);
  return expression;
}

function picks(expression: ts.Expression): string {
  return list(expression)
    .map((each) => `\`${each.getText().replaceAll("'", '"')}\``)
    .join(', ');
}

function unwrap(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)
    ? unwrap(expression.expression)
    : expression;
}

/** The TSDoc before a node, on one line, its links to names reduced to the names. */
function commentOf(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const last = ranges.filter(({ pos }) => text.startsWith('/**', pos)).at(-1);
  if (!last) return '';
  return text
    .slice(last.pos + 3, last.end - 2)
    .replace(/\n\s*\* ?/g, ' ')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
}

function framesOf(source: Source, variant: string): ObjectDoc[] {
  const { args } = callOf(source.get(variant).value);
  return list(args[1]).map((option) => {
    const { value, description } = source.get(option.getText());
    const fields = source.fields(literalOf(first(callOf(value).args)));
    const type = fields.find(({ name }) => name === 'type');
    if (!type) throw new Error(`${option.getText()} has no type.`);
    return { name: type.type.replace(/[`"]/g, ''), description, fields };
  });
}

function limitsOf(file: ts.SourceFile, source: Source): LimitDoc[] {
  return file.statements.filter(ts.isVariableStatement).flatMap((statement) =>
    statement.declarationList.declarations.map(({ name, initializer }) => ({
      name: name.getText(),
      value: source.number(initializer!),
      description: commentOf(statement),
    })),
  );
}

/** The gateway's limits: meanings from the interface, values from the defaults. */
function serverLimitsOf(file: ts.SourceFile): LimitDoc[] {
  const meanings = new Map<string, string>();
  let values: LimitDoc[] = [];
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === 'ChatLimits') {
      let meaning = '';
      for (const member of statement.members) {
        // One comment may stand over a pair, such as a bucket's size and its refill.
        meaning = commentOf(member).replace(/ ?Default [\d,]+(, because [^.]*)?\.$/, '') || meaning;
        meanings.set(member.name?.getText() ?? '', meaning);
      }
    }
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration] = statement.declarationList.declarations;
    if (declaration?.name.getText() !== 'DEFAULT_LIMITS' || !declaration.initializer) continue;
    values = literalOf(unwrap(declaration.initializer)).properties.map((property) => {
      if (!ts.isPropertyAssignment(property)) throw new Error(`Cannot read the limit ${property.getText()}.`);
      const name = property.name.getText();
      return {
        name,
        value: Number(property.initializer.getText().replaceAll('_', '')),
        description: meanings.get(name) ?? '',
      };
    });
  }
  return values;
}

export function readSchemas(): ProtocolSource {
  const names = ['limits', 'parts', 'answer', 'message', 'report', 'client-frames', 'server-frames'];
  const frames = readdirSync(new URL('../src/protocol/frames/', import.meta.url)).sort();
  const room = [...names.map((name) => `${name}.ts`), ...frames.map((name) => `frames/${name}`)].map(
    (file) => `src/protocol/${file}`,
  );
  const gateway = 'src/server/gateway/limits.ts';
  const source = new Source([...room, gateway]);
  const named = (schemas: Record<string, string>) =>
    Object.entries(schemas).map(([schema, name]) => ({ schema, name, ...pick(source.get(schema)) }));
  return {
    clientFrames: framesOf(source, 'clientFrameSchema'),
    serverFrames: framesOf(source, 'serverFrameSchema'),
    objects: named(OBJECTS).map(({ name, value, description }) => ({
      name,
      description,
      fields: source.fields(literalOf(first(callOf(value).args))),
    })),
    scalars: named({ ...SCALARS, ...CHOICES }).map(({ name, value, description }) => ({
      name,
      type: source.type(value).type,
      description: SCALAR_MEANINGS[name] ?? description,
    })),
    limits: limitsOf(source.file(room[0]!), source),
    serverLimits: serverLimitsOf(source.file(gateway)),
  };
}

function pick({ value, description }: Declaration): { value: ts.Expression; description: string } {
  return { value, description };
}
