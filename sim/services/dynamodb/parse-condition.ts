import {
  type Comparator,
  type Condition,
  conditionFunctions,
  ExpressionError,
  isConditionFunction,
  type Operand,
} from './expression.ts';
import { type ExpressionReader, parserOf } from './expression-reader.ts';
import { isSign, isWord } from './tokens-of.ts';

const comparators: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];

const MOST_AMONG = 100;

const condition = (reader: ExpressionReader): Condition => {
  let left = conjunction(reader);
  while (reader.takeWord('OR')) {
    reader.countOperator();
    left = { kind: 'or', left, right: conjunction(reader) };
  }
  return left;
};

const conjunction = (reader: ExpressionReader): Condition => {
  let left = negation(reader);
  while (reader.takeWord('AND')) {
    reader.countOperator();
    left = { kind: 'and', left, right: negation(reader) };
  }
  return left;
};

const negation = (reader: ExpressionReader): Condition => {
  if (!reader.takeWord('NOT')) return primary(reader);
  reader.countOperator();
  return { kind: 'not', condition: negation(reader) };
};

const primary = (reader: ExpressionReader): Condition => {
  if (isSign(reader.token, '(') && !holdsOperand(reader)) {
    reader.skip();
    const first = reader.at;
    const inner = condition(reader);
    reader.expectSign(')');
    if (isRedundant(reader, first, reader.at - 2))
      throw new ExpressionError('The expression has redundant parentheses;');
    return inner;
  }
  reader.countOperator();
  const from = reader.at;
  const name = reader.call();
  if (name !== undefined && name !== 'size') return functionCall(reader, name);
  reader.goTo(from);
  return comparison(reader, operand(reader));
};

/** Whether the parenthesis that opens here holds an operand: a comparison goes on behind it. */
const holdsOperand = (reader: ExpressionReader): boolean => {
  let depth = 0;
  for (let at = reader.at; ; at += 1) {
    const token = reader.tokenAt(at);
    if (token === undefined) return false;
    if (isSign(token, '(')) depth += 1;
    if (isSign(token, ')')) depth -= 1;
    if (depth > 0) continue;
    const next = reader.tokenAt(at + 1);
    if (next === undefined) return false;
    return comparators.includes(next.text) || isWord(next, 'BETWEEN') || isWord(next, 'IN');
  }
};

/** Whether these tokens are in parentheses again, as a whole. */
const isRedundant = (reader: ExpressionReader, first: number, last: number): boolean => {
  const isSignAt = (place: number, sign: string): boolean => {
    const token = reader.tokenAt(place);
    return token !== undefined && isSign(token, sign);
  };
  if (!isSignAt(first, '(') || !isSignAt(last, ')')) return false;
  let depth = 0;
  for (let at = first; at < last; at += 1) {
    if (isSignAt(at, '(')) depth += 1;
    if (isSignAt(at, ')')) depth -= 1;
    if (depth === 0) return false;
  }
  return true;
};

const functionCall = (reader: ExpressionReader, name: string): Condition => {
  if (name === 'if_not_exists' || name === 'list_append')
    throw new ExpressionError(`The function is not allowed in a condition expression; function: ${name}`);
  if (!isConditionFunction(name)) throw new ExpressionError(`Invalid function name; function: ${name}`);
  const operands = reader.listOf(() => operand(reader));
  reader.expectSign(')');
  if (operands.length !== conditionFunctions[name])
    throw new ExpressionError(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  const needsPath = name === 'attribute_exists' || name === 'attribute_not_exists';
  if (needsPath && operands[0]?.kind !== 'path')
    throw new ExpressionError(`Operator or function requires a document path; operator or function: ${name}`);
  const [first, second] = operands;
  if (first !== undefined && second !== undefined) mustDiffer(reader, name, first, [second]);
  return { kind: 'function', name, operands };
};

const comparison = (reader: ExpressionReader, left: Operand): Condition => {
  if (reader.takeWord('BETWEEN')) {
    const low = operand(reader);
    if (!reader.takeWord('AND')) throw reader.wrong();
    return { kind: 'between', operand: left, low, high: operand(reader) };
  }
  if (reader.takeWord('IN')) {
    reader.expectSign('(');
    const among = reader.listOf(() => operand(reader));
    reader.expectSign(')');
    if (among.length > MOST_AMONG)
      throw new ExpressionError(
        `The IN operator is provided with too many operands; number of operands: ${among.length}`,
      );
    mustDiffer(reader, 'IN', left, among);
    return { kind: 'in', operand: left, among };
  }
  const { kind, text } = reader.token;
  if (kind !== 'sign' || !comparators.includes(text)) throw reader.wrong();
  reader.skip();
  const right = operand(reader);
  mustDiffer(reader, text, left, [right]);
  return { kind: 'compare', by: text as Comparator, left, right };
};

const mustDiffer = (
  { compared }: ExpressionReader,
  operator: string,
  first: Operand,
  others: readonly Operand[],
): void => {
  if (first.kind !== 'path') return;
  for (const other of others)
    if (other.kind === 'path') compared.push({ operator, first: first.path, other: other.path });
};

const operand = (reader: ExpressionReader): Operand => {
  if (reader.takeSign('(')) {
    const inner = operand(reader);
    reader.expectSign(')');
    return inner;
  }
  const name = reader.call();
  if (name === undefined) return reader.valueOrPath();
  if (name !== 'size')
    throw new ExpressionError(
      isConditionFunction(name)
        ? `The function is not allowed to be used this way in an expression; function: ${name}`
        : `Invalid function name; function: ${name}`,
    );
  const of = operand(reader);
  reader.expectSign(')');
  return { kind: 'size', of };
};

/** Parses conditions, filters and key conditions. Throws ExpressionError. */
export const parseCondition = parserOf(condition);
