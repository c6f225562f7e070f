import { ExpressionError, isConditionFunction, type Setting, type UpdateAction } from './expression.ts';
import { type ExpressionReader, parserOf } from './expression-reader.ts';

/** How an entry of each section is read. */
const sections: Readonly<Record<string, (reader: ExpressionReader) => UpdateAction>> = {
  SET: (reader) => setAction(reader),
  REMOVE: (reader) => ({ kind: 'remove', path: reader.path() }),
  ADD: (reader) => ({ kind: 'add', path: reader.path(), value: reader.valueName() }),
  DELETE: (reader) => ({ kind: 'delete', path: reader.path(), value: reader.valueName() }),
};

const update = (reader: ExpressionReader): readonly UpdateAction[] => {
  const actions: UpdateAction[] = [];
  const seen = new Set<string>();
  while (reader.token.kind === 'word') {
    const section = reader.token.text.toUpperCase();
    const read = Object.hasOwn(sections, section) ? sections[section] : undefined;
    if (read === undefined) throw reader.wrong();
    if (seen.has(section))
      throw new ExpressionError(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    reader.skip();
    actions.push(...reader.listOf(() => read(reader)));
  }
  return actions;
};

const setAction = (reader: ExpressionReader): UpdateAction => {
  const path = reader.path();
  reader.expectSign('=');
  const left = setting(reader);
  const sign = reader.takeSign('+') ? '+' : reader.takeSign('-') ? '-' : undefined;
  if (sign === undefined) return { kind: 'set', path, to: left };
  reader.countOperator();
  return { kind: 'set', path, to: { kind: 'sum', sign, left, right: setting(reader) } };
};

const setting = (reader: ExpressionReader): Setting => {
  if (reader.takeSign('(')) {
    const inner = setting(reader);
    reader.expectSign(')');
    return inner;
  }
  const name = reader.call();
  if (name === undefined) return reader.valueOrPath();
  reader.countOperator();
  if (name !== 'if_not_exists' && name !== 'list_append')
    throw new ExpressionError(
      isConditionFunction(name) || name === 'size'
        ? `The function is not allowed in an update expression; function: ${name}`
        : `Invalid function name; function: ${name}`,
    );
  const operands = reader.listOf(() => setting(reader));
  reader.expectSign(')');
  const [first, second, ...more] = operands;
  if (first === undefined || second === undefined || more.length > 0)
    throw new ExpressionError(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  if (name === 'list_append') return { kind: 'listAppend', left: first, right: second };
  if (first.kind !== 'path')
    throw new ExpressionError(`Operator or function requires a document path; operator or function: ${name}`);
  return { kind: 'ifNotExists', path: first.path, otherwise: second };
};

/** Parses what UpdateItem is told. Throws ExpressionError. */
export const parseUpdate = parserOf(update);
